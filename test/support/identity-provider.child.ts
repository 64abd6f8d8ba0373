// A real identity provider on this host, as a process of its own. It lets in whoever it was told last, without asking.
//   node identity-provider.child.ts '{"redirectUri":"https://…"}'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, importJWK, type JWTPayload, SignJWT } from 'jose';
import Provider, { type Configuration } from 'oidc-provider';

const { redirectUri } = JSON.parse(process.argv[2]!) as { redirectUri: string };
const { privateKey } = await generateKeyPair('RS256', { extractable: true });
const key = { ...(await exportJWK(privateKey)), kid: 'provider-1', use: 'sig', alg: 'RS256' };
let account: { sub: string } & Record<string, unknown> = { sub: 'nobody' };

const configuration: Configuration = {
  clients: [
    {
      client_id: 'vault',
      client_secret: 'the secret of the vault at the provider',
      redirect_uris: [redirectUri],
      grant_types: ['authorization_code'],
      response_types: ['code'],
    },
  ],
  jwks: { keys: [key as never] },
  pkce: { required: () => true },
  // What was asked for by scopes is in the ID token, as with most providers there are.
  conformIdTokenClaims: false,
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['groups'] },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_, { uid }) => `/interaction/${uid}` },
  findAccount: (_, sub) => ({ accountId: sub, claims: () => account as never }),
  cookies: { keys: ['a key for the cookies of a test'] },
};

const server = createServer((request, response) => {
  void handle(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
});
await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const provider = new Provider(issuer, configuration);
const ordinary = provider.callback();
console.log(JSON.stringify({ issuer }));

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.url === '/told/account') {
    account = (await bodyOf(request)) as typeof account;
    response.end();
  } else if (request.url === '/told/token') {
    const { claims, expires = '5m' } = (await bodyOf(request)) as { claims: JWTPayload; expires?: string };
    const token = new SignJWT({ iss: issuer, ...claims }).setProtectedHeader({ alg: 'RS256', kid: key.kid });
    response.end(
      await token
        .setIssuedAt()
        .setExpirationTime(expires)
        .sign(await importJWK(key, 'RS256')),
    );
  } else if (request.url?.startsWith('/interaction/')) await letIn(request, response);
  else await ordinary(request, response);
}

async function letIn(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { prompt, params, session } = await provider.interactionDetails(request, response);
  if (prompt.name === 'login') {
    if (account['denied']) return provider.interactionFinished(request, response, { error: 'access_denied' });
    return provider.interactionFinished(request, response, { login: { accountId: account.sub } });
  }
  const grant = new provider.Grant({ accountId: session!.accountId, clientId: String(params['client_id']) });
  grant.addOIDCScope(String(params['scope']));
  await provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } });
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString()) as unknown;
}

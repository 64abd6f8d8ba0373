import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  ClientSecretBasic,
  type Configuration,
  discovery,
  enableNonRepudiationChecks,
  type IDToken,
  None,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import { Unauthorized } from '../auth.errors.ts';
import { ProviderUnavailable } from './oidc.errors.ts';
import type { Attempt } from './sealed-attempt.ts';

export interface ProviderOptions {
  issuer: string;
  clientId: string;
  /** None for a public client: PKCE alone holds then. */
  clientSecret?: string;
  scopes: readonly string[];
  /** Where the provider sends people back to. */
  redirectUri: string;
}

const SECONDS = 5;
const REFUSED = 'The identity provider has not let you in, or the sign-in took too long: begin again.';

/** An identity provider: authorization code with PKCE, state and nonce (RFC 9700), every ID token checked by its signature. */
export class OidcProvider {
  private discovered: Promise<Configuration> | undefined;

  constructor(private readonly options: ProviderOptions) {}

  /** Where to send somebody, and what to remember until they are back. @throws ProviderUnavailable */
  async begin(): Promise<{ url: URL; attempt: Attempt }> {
    const { redirectUri, scopes } = this.options;
    const configuration = await this.configuration();
    const attempt = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier() };
    const url = buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUri,
      scope: scopes.join(' '),
      state: attempt.state,
      nonce: attempt.nonce,
      code_challenge: await calculatePKCECodeChallenge(attempt.verifier),
      code_challenge_method: 'S256',
    });
    return { url, attempt };
  }

  /** Who came back; `query` is that of the address they came by. @throws Unauthorized, ProviderUnavailable */
  async finish(query: string, { state, nonce, verifier }: Attempt): Promise<IDToken> {
    const configuration = await this.configuration();
    const address = new URL(this.options.redirectUri);
    address.search = query;
    const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true };
    try {
      const tokens = await authorizationCodeGrant(configuration, address, checks);
      const claims = tokens.claims();
      if (!claims) throw new Unauthorized(REFUSED);
      return claims;
    } catch (error) {
      if (isSilence(error)) throw new ProviderUnavailable().with({ retryAfter: 5, cause: error });
      // What the provider says of its reasons came by way of the browser, and is nothing to repeat.
      throw new Unauthorized(REFUSED).with({ cause: error });
    }
  }

  private configuration(): Promise<Configuration> {
    this.discovered ??= this.discover().catch((error: unknown) => {
      this.discovered = undefined;
      throw new ProviderUnavailable().with({ retryAfter: 5, cause: error });
    });
    return this.discovered;
  }

  private discover(): Promise<Configuration> {
    const { issuer, clientId, clientSecret } = this.options;
    const server = new URL(issuer);
    // The setting takes http for this very host alone.
    const plain = server.protocol === 'http:' ? [allowInsecureRequests] : [];
    const authentication = clientSecret === undefined ? None() : ClientSecretBasic(clientSecret);
    return discovery(server, clientId, undefined, authentication, {
      timeout: SECONDS,
      execute: [...plain, enableNonRepudiationChecks],
    });
  }
}

/** Whether there was no answer, rather than a no. */
function isSilence(error: unknown): boolean {
  for (let each = error; each instanceof Error; each = each.cause) {
    if (each.name === 'TimeoutError' || each.name === 'AbortError' || each.message === 'fetch failed') return true;
    if ('code' in each && (each.code === 'OAUTH_TIMEOUT' || each.code === 'ECONNREFUSED')) return true;
  }
  return false;
}

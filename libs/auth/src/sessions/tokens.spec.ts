import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { JwtService } from '@nestjs/jwt';
import { newId } from '#kernel';
import { TokenKeys } from './token-keys.ts';
import { Tokens } from './tokens.ts';

const secret = 'k'.repeat(16) + 'K'.repeat(16);
const earlier = 'e'.repeat(40);
const keys = new TokenKeys(secret, [earlier]);
const options = { issuer: 'vault', audience: 'people', minutes: 15 };
const tokens = new Tokens(new JwtService({}), keys, options);
const claims = { userId: newId(), tenantId: newId(), sessionId: newId() };
const now = (): number => Math.floor(Date.now() / 1000);

const encode = (part: unknown): string => Buffer.from(JSON.stringify(part)).toString('base64url');

type Part = Record<string, unknown>;
const header = (change: Part = {}): Part => ({ alg: 'HS256', typ: 'at+jwt', kid: tokens.keyId, ...change });
const payload = (change: Part = {}): Part => ({
  tid: claims.tenantId,
  sid: claims.sessionId,
  sub: claims.userId,
  iss: 'vault',
  aud: 'people',
  jti: newId(),
  iat: now(),
  nbf: now(),
  exp: now() + 900,
  ...change,
});

/** A token made by hand, signed with our own secret unless said otherwise. */
function forge(head: Part, body: Part, hash = 'sha256', key = secret): string {
  const input = `${encode(head)}.${encode(body)}`;
  return `${input}.${createHmac(hash, key).update(input).digest('base64url')}`;
}

const refused = { code: 'unauthorized', kind: 'unauthenticated' };

describe('access tokens', () => {
  it('say who they were made for', async () => {
    expect(await tokens.verify(await tokens.issue(claims))).toEqual(claims);
  });

  it('carry what RFC 9068 asks for', async () => {
    const [head, body] = (await tokens.issue(claims))
      .split('.')
      .map((part) => Buffer.from(part, 'base64url').toString());
    expect(JSON.parse(head!)).toEqual({ alg: 'HS256', typ: 'at+jwt', kid: tokens.keyId });
    const made = JSON.parse(body!) as Part;
    expect(made).toMatchObject({ tid: claims.tenantId, sub: claims.userId, iss: 'vault', aud: 'people' });
    expect(Number(made['exp']) - Number(made['iat'])).toBe(900);
    expect(made['jti']).toEqual(expect.any(String));
    expect(made['nbf']).toBe(made['iat']);
  });

  it('name their key without telling it', () => {
    expect(tokens.keyId).toMatch(/^[0-9a-f]{12}$/);
    expect(secret).not.toContain(tokens.keyId);
  });

  it('are never the same twice', async () => {
    expect(await tokens.issue(claims)).not.toBe(await tokens.issue(claims));
  });

  it('made by hand just like ours are accepted: the forgeries below differ in one thing each', async () => {
    expect(await tokens.verify(forge(header(), payload()))).toEqual(claims);
  });
});

describe('a forged token', () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const rs256 = (): string => {
    const input = `${encode(header({ alg: 'RS256' }))}.${encode(payload())}`;
    return `${input}.${sign('sha256', Buffer.from(input), privateKey).toString('base64url')}`;
  };
  const tampered = async (): Promise<string> => {
    const [head, , signature] = (await tokens.issue(claims)).split('.');
    return `${head}.${encode(payload({ sub: newId() }))}.${signature}`;
  };

  it.each<[string, () => string | Promise<string>]>([
    ['that is nothing', () => ''],
    ['that is no token', () => 'abc'],
    ['of two parts', () => forge(header(), payload()).split('.').slice(0, 2).join('.')],
    ['with a body that is no JSON', () => `${encode(header())}.bm9wZQ.${'A'.repeat(43)}`],
    ['alg none, no signature', () => `${encode(header({ alg: 'none' }))}.${encode(payload())}.`],
    ['alg None, signed', () => forge(header({ alg: 'None' }), payload())],
    ['alg HS512, with our secret', () => forge(header({ alg: 'HS512' }), payload(), 'sha512')],
    ['alg HS384, with our secret', () => forge(header({ alg: 'HS384' }), payload(), 'sha384')],
    ['alg RS256', rs256],
    ['signed with another secret', () => forge(header(), payload(), 'sha256', 'z'.repeat(32))],
    ['signed with no secret', () => forge(header(), payload(), 'sha256', '')],
    ['with another body under our signature', tampered],
    ['with half a signature', async () => (await tokens.issue(claims)).slice(0, -20)],
    ['typ JWT', () => forge(header({ typ: 'JWT' }), payload())],
    ['typ of another purpose', () => forge(header({ typ: 'rt+jwt' }), payload())],
    ['without typ', () => forge(header({ typ: undefined }), payload())],
    ['with a critical extension', () => forge(header({ crit: ['b64'], b64: true }), payload())],
    ['for another audience', () => forge(header(), payload({ aud: 'others' }))],
    ['without audience', () => forge(header(), payload({ aud: undefined }))],
    ['of another issuer', () => forge(header(), payload({ iss: 'other' }))],
    ['without issuer', () => forge(header(), payload({ iss: undefined }))],
    ['that has ended', () => forge(header(), payload({ iat: now() - 900, exp: now() - 6 }))],
    ['that never ends', () => forge(header(), payload({ exp: undefined }))],
    ['that lives for a year', () => forge(header(), payload({ exp: now() + 365 * 86_400 }))],
    ['that ends some day as a text', () => forge(header(), payload({ exp: 'tomorrow' }))],
    ['that begins later', () => forge(header(), payload({ nbf: now() + 60 }))],
    ['without a beginning', () => forge(header(), payload({ nbf: undefined }))],
    ['made in the future', () => forge(header(), payload({ iat: now() + 60, exp: now() + 900 }))],
    ['made at no time', () => forge(header(), payload({ iat: undefined }))],
    ['without id', () => forge(header(), payload({ jti: undefined }))],
    ['for nobody', () => forge(header(), payload({ sub: undefined }))],
    ['for somebody who is no id', () => forge(header(), payload({ sub: 'admin' }))],
    ['for an id in capitals', () => forge(header(), payload({ sub: claims.userId.toUpperCase() }))],
    ['for a list of people', () => forge(header(), payload({ sub: [claims.userId] }))],
    ['of no session', () => forge(header(), payload({ sid: undefined }))],
    ['of a session that is no id', () => forge(header(), payload({ sid: 'all' }))],
    ['that names no key', () => forge(header({ kid: undefined }), payload())],
    ['that names a key nobody has', () => forge(header({ kid: '0123456789ab' }), payload())],
    ['that names a key by a list', () => forge(header({ kid: [tokens.keyId] }), payload())],
    ['signed with an earlier key under the name of this one', () => forge(header(), payload(), 'sha256', earlier)],
    ['that a second factor is still owed for', () => tokens.issuePending({ ...claims, method: 'password' })],
    ['of no tenant', () => forge(header(), payload({ tid: undefined }))],
    ['of a tenant that is no id', () => forge(header(), payload({ tid: "' OR true" }))],
  ])('%s is refused', async (_, make) => {
    await expect(tokens.verify(await make())).rejects.toMatchObject(refused);
  });
});

it('a server whose clock is a few seconds ahead or behind still accepts a token', async () => {
  const ahead = forge(header(), payload({ iat: now() + 3, nbf: now() + 3 }));
  expect(await tokens.verify(ahead)).toEqual(claims);
  const behind = forge(header(), payload({ iat: now() - 900, exp: now() - 3 }));
  expect(await tokens.verify(behind)).toEqual(claims);
});

describe('the token between the two steps of a sign-in', () => {
  it('says whose it is, and is no access token', async () => {
    const pending = await tokens.issuePending({ ...claims, method: 'password' });
    expect(await tokens.verifyPending(pending)).toEqual({
      userId: claims.userId,
      tenantId: claims.tenantId,
      method: 'password',
    });
    await expect(tokens.verify(pending)).rejects.toMatchObject(refused);
  });

  it('lives for five minutes', async () => {
    const body = JSON.parse(
      Buffer.from(
        (await tokens.issuePending({ ...claims, method: 'password' })).split('.')[1]!,
        'base64url',
      ).toString(),
    ) as Part;
    expect(Number(body['exp']) - Number(body['iat'])).toBe(300);
  });

  it.each<[string, () => string | Promise<string>]>([
    ['an access token', () => tokens.issue(claims)],
    ['a token for nobody', () => forge(header({ typ: 'mfa+jwt' }), payload({ sub: undefined }))],
    ['a token of no tenant', () => forge(header({ typ: 'mfa+jwt' }), payload({ tid: 7 }))],
  ])('cannot be %s', async (_, make) => {
    await expect(tokens.verifyPending(await make())).rejects.toMatchObject(refused);
  });
});

describe('a new secret', () => {
  const before = new TokenKeys(secret);
  const issuer = new Tokens(new JwtService({}), before, options);

  it('ends the tokens of the one before', async () => {
    const token = await issuer.issue(claims);
    const after = new Tokens(new JwtService({}), new TokenKeys('n'.repeat(32)), options);
    await expect(after.verify(token)).rejects.toMatchObject(refused);
  });

  it('leaves them where the one before is listed, and signs no more with that', async () => {
    const token = await issuer.issue(claims);
    const after = new Tokens(new JwtService({}), new TokenKeys('n'.repeat(32), [secret]), options);
    expect(await after.verify(token)).toEqual(claims);
    expect(after.keyId).not.toBe(issuer.keyId);
    await expect(issuer.verify(await after.issue(claims))).rejects.toMatchObject(refused);
  });

  it('ends them at once where they were seen before, also when it comes while the server runs', async () => {
    const running = new TokenKeys(secret);
    const server = new Tokens(new JwtService({}), running, options);
    const token = await server.issue(claims);
    for (let time = 0; time < 2; time += 1) expect(await server.verify(token)).toEqual(claims);
    running.replace('n'.repeat(32), [secret]);
    expect(await server.verify(token)).toEqual(claims);
    running.replace('n'.repeat(32), []);
    await expect(server.verify(token)).rejects.toMatchObject(refused);
    running.replace(secret, []);
    expect(await server.verify(token)).toEqual(claims);
  });
});

describe('a token that was seen before', () => {
  beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] }));
  afterEach(() => jest.useRealTimers());

  it.each([
    ['ends when its time is over', 905],
    ['is too early where the clock is set back', -6],
  ])('%s', async (_, seconds) => {
    const token = forge(header(), payload());
    for (let time = 0; time < 2; time += 1) expect(await tokens.verify(token)).toEqual(claims);
    jest.setSystemTime(Date.now() + (seconds - 1) * 1000);
    if (seconds > 0) expect(await tokens.verify(token)).toEqual(claims);
    jest.setSystemTime(Date.now() + 1000);
    await expect(tokens.verify(token)).rejects.toMatchObject(refused);
  });

  it('vouches for no other one: neither for another body, nor for another signature', async () => {
    const [head, body, signature] = (await tokens.issue(claims)).split('.') as [string, string, string];
    expect(await tokens.verify(`${head}.${body}.${signature}`)).toEqual(claims);
    const other = encode(payload({ sub: newId() }));
    for (const forged of [`${head}.${other}.${signature}`, `${head}.${body}.${'A'.repeat(43)}`, `${head}.${body}.`]) {
      await expect(tokens.verify(forged)).rejects.toMatchObject(refused);
    }
  });
});

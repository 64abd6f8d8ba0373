import { hash } from 'node:crypto';
import type { JwtService } from '@nestjs/jwt';
import { isUuid, newId } from '#kernel';
import { Unauthorized } from '../auth.errors.ts';
import type { TokenKey, TokenKeys } from './token-keys.ts';

export interface TokenOptions {
  issuer: string;
  audience: string;
  minutes: number;
}

export interface AccessClaims {
  userId: string;
  tenantId: string;
  sessionId: string;
  /** What the token is for, where it is for one thing only. */
  purpose?: string;
}

/** Who has given the right password, and owes a second factor. */
export type PendingClaims = Pick<AccessClaims, 'userId' | 'tenantId'> & {
  /** How the first step was taken. */
  method: string;
};

/** Access tokens by RFC 9068, and what stands between the two steps of a sign-in: neither is ever taken for the other. */
type Type = 'at+jwt' | 'mfa+jwt';

interface Complete {
  header: { typ?: unknown; crit?: unknown };
  payload: Partial<Record<'sub' | 'tid' | 'sid' | 'method' | 'purpose' | 'jti' | 'iat' | 'nbf' | 'exp', unknown>>;
}

/** What a token of ours holds, whatever else it does. */
type Ours = Complete['payload'] & Times;

/** The longest `access_token_minutes`: a shorter setting ends no session that began under a longer one. */
const MAX_MINUTES = 60;
const PENDING_SECONDS = 300;
/** How far the clocks of two servers may be apart. */
const LEEWAY_SECONDS = 5;

/** Tokens that are remembered. */
const KEPT = 10_000;

/** What the signature of one token stands for: it says the same for as long as its key is ours and its time has come. */
interface Checked {
  claims: AccessClaims;
  secret: string;
  times: Times;
}

interface Times {
  iat: number;
  nbf: number;
  exp: number;
}

/** Signed tokens: one algorithm, a named key, every claim checked (RFC 8725). */
export class Tokens {
  /** By their SHA-256: what works is not kept. */
  private readonly checked = new Map<string, Checked>();
  private readonly jwt: JwtService;
  private readonly keys: TokenKeys;
  private readonly options: TokenOptions;

  constructor(jwt: JwtService, keys: TokenKeys, options: TokenOptions) {
    this.jwt = jwt;
    this.keys = keys;
    this.options = options;
  }

  /** Seconds an access token lives. */
  get lifetime(): number {
    return this.options.minutes * 60;
  }

  /** Seconds there are for the second step of a sign-in. */
  readonly pendingLifetime = PENDING_SECONDS;

  /** Names the key that tokens are signed with at the moment. */
  get keyId(): string {
    return this.keys.current.id;
  }

  issue({ userId, tenantId, sessionId, purpose }: AccessClaims, seconds = this.lifetime): Promise<string> {
    return this.sign('at+jwt', userId, { tid: tenantId, sid: sessionId, purpose }, seconds);
  }

  issuePending({ userId, tenantId, method }: PendingClaims): Promise<string> {
    return this.sign('mfa+jwt', userId, { tid: tenantId, method }, PENDING_SECONDS);
  }

  /** @throws Unauthorized for anything but an access token of ours that is valid now */
  async verify(token: string): Promise<AccessClaims> {
    const name = hash('sha256', token, 'base64');
    const known = this.checked.get(name);
    if (known && this.keys.accept(known.secret) && isTimely(known.times)) return known.claims;
    this.checked.delete(name);
    const [key, { sub, tid, sid, purpose, iat, nbf, exp }] = await this.read('at+jwt', token);
    if (!isId(sub) || !isId(tid) || !isId(sid)) throw new Unauthorized();
    const claims = { userId: sub, tenantId: tid, sessionId: sid, ...(typeof purpose === 'string' && { purpose }) };
    if (this.checked.size >= KEPT) this.checked.clear();
    this.checked.set(name, { claims, secret: key.secret, times: { iat, nbf, exp } });
    return claims;
  }

  /** @throws Unauthorized */
  async verifyPending(token: string): Promise<PendingClaims> {
    const [, { sub, tid, method }] = await this.read('mfa+jwt', token);
    if (!isId(sub) || !isId(tid) || typeof method !== 'string') throw new Unauthorized();
    return { userId: sub, tenantId: tid, method };
  }

  private sign(typ: Type, subject: string, payload: object, seconds: number): Promise<string> {
    const { issuer, audience } = this.options;
    const key = this.keys.current;
    return this.jwt.signAsync(payload, {
      secret: asSecret(key),
      issuer,
      audience,
      subject,
      jwtid: newId(),
      algorithm: 'HS256',
      expiresIn: seconds,
      notBefore: 0,
      header: { alg: 'HS256', typ, kid: key.id },
    });
  }

  private async read(typ: Type, token: string): Promise<[TokenKey, Ours]> {
    const key = this.keys.find(keyIdOf(token));
    if (!key) throw new Unauthorized();
    const { issuer, audience } = this.options;
    const verified = await this.jwt
      .verifyAsync<Complete>(token, {
        secret: asSecret(key),
        issuer,
        audience,
        algorithms: ['HS256'],
        clockTolerance: LEEWAY_SECONDS,
        complete: true,
      })
      .catch(() => null);
    if (!verified || !isOurs(verified, typ)) throw new Unauthorized();
    return [key, verified.payload];
  }
}

/** Given as a text, every check first tries to read it as a public key, which takes longer than the check itself. */
function asSecret({ key }: TokenKey): Buffer {
  return key as unknown as Buffer;
}

/** Which of our keys a token says it was signed with. Nothing else in it is looked at before that key has checked it. */
function keyIdOf(token: string): unknown {
  try {
    const header: unknown = JSON.parse(Buffer.from(token.split('.', 1)[0]!, 'base64url').toString());
    return typeof header === 'object' && header !== null && 'kid' in header ? header.kid : null;
  } catch {
    return null;
  }
}

/** The library checks what is there; a token of ours has all of it, lives no longer than ours do, and asks nothing new. */
function isOurs(token: Complete, typ: Type): token is Complete & { payload: Ours } {
  const { header, payload } = token;
  const { jti, iat, nbf, exp } = payload;
  if (header.typ !== typ || header.crit !== undefined) return false;
  if (typeof jti !== 'string' || typeof nbf !== 'number') return false;
  if (typeof iat !== 'number' || typeof exp !== 'number') return false;
  return exp - iat <= MAX_MINUTES * 60 && isTimely({ iat, nbf, exp });
}

/** As the library reckons; and nothing was made in the future. */
function isTimely({ iat, nbf, exp }: Times): boolean {
  const now = Date.now() / 1000;
  const second = Math.floor(now);
  return iat <= now + LEEWAY_SECONDS && nbf <= second + LEEWAY_SECONDS && second < exp + LEEWAY_SECONDS;
}

function isId(claim: unknown): claim is string {
  return typeof claim === 'string' && isUuid(claim);
}

import { createHash } from 'node:crypto';
import type { JwtService } from '@nestjs/jwt';
import { isUuid, newId } from '#kernel';
import { Unauthorized } from './auth.errors.ts';

export interface TokenOptions {
  secret: string;
  issuer: string;
  audience: string;
  minutes: number;
}

export interface AccessClaims {
  userId: string;
  tenantId: string;
}

interface Complete {
  header: { typ?: unknown; crit?: unknown };
  payload: Partial<Record<'sub' | 'tid' | 'jti' | 'iat' | 'nbf' | 'exp', unknown>>;
}

/** The longest `access_token_minutes`: a shorter setting ends no session that began under a longer one. */
const MAX_MINUTES = 60;
/** How far the clocks of two servers may be apart. */
const LEEWAY_SECONDS = 5;

/** Access tokens by RFC 9068 (`typ: at+jwt`), one algorithm, every claim checked (RFC 8725). */
export class Tokens {
  private readonly jwt: JwtService;
  private readonly options: TokenOptions;
  /** Names the signing key without telling it. */
  readonly keyId: string;

  constructor(jwt: JwtService, options: TokenOptions) {
    this.jwt = jwt;
    this.options = options;
    this.keyId = createHash('sha256').update(`vault/jwt-key-id/${options.secret}`).digest('hex').slice(0, 12);
  }

  /** Seconds a token lives. */
  get lifetime(): number {
    return this.options.minutes * 60;
  }

  issue(claims: AccessClaims): Promise<string> {
    const { secret, issuer, audience } = this.options;
    return this.jwt.signAsync(
      { tid: claims.tenantId },
      {
        secret,
        issuer,
        audience,
        subject: claims.userId,
        jwtid: newId(),
        algorithm: 'HS256',
        expiresIn: this.lifetime,
        notBefore: 0,
        header: { alg: 'HS256', typ: 'at+jwt', kid: this.keyId },
      },
    );
  }

  /** @throws Unauthorized for anything but a token of ours that is valid now */
  async verify(token: string): Promise<AccessClaims> {
    const { secret, issuer, audience } = this.options;
    const verified = await this.jwt
      .verifyAsync<Complete>(token, {
        secret,
        issuer,
        audience,
        algorithms: ['HS256'],
        clockTolerance: LEEWAY_SECONDS,
        complete: true,
      })
      .catch(() => null);
    if (!verified || !this.isOurs(verified)) throw new Unauthorized();
    const { sub, tid } = verified.payload;
    if (typeof sub !== 'string' || typeof tid !== 'string' || !isUuid(sub) || !isUuid(tid)) throw new Unauthorized();
    return { userId: sub, tenantId: tid };
  }
  /** The library checks what is there; a token of ours has all of it, lives no longer than ours do, and asks nothing new. */
  private isOurs({ header, payload: { jti, iat, nbf, exp } }: Complete): boolean {
    if (header.typ !== 'at+jwt' || header.crit !== undefined) return false;
    if (typeof jti !== 'string' || typeof nbf !== 'number') return false;
    if (typeof iat !== 'number' || typeof exp !== 'number') return false;
    return iat <= Date.now() / 1000 + LEEWAY_SECONDS && exp - iat <= MAX_MINUTES * 60;
  }
}

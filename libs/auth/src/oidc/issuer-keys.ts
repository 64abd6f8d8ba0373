import { createRemoteJWKSet, type JWTVerifyGetKey } from 'jose';
import { IssuerNotTrusted, ProviderUnavailable } from './oidc.errors.ts';
import { isTrustworthyUrl } from './issuer-url.ts';

const TIMEOUT_MS = 5_000;
const KEPT_MS = 600_000;
/** Between two looks for a key that is not there: a forged `kid` must not make us ask without end. */
const COOLDOWN_MS = 30_000;

/** The public keys of issuers the operator has named. Tenants choose among them, and cannot make this server ask elsewhere. */
export class IssuerKeys {
  private readonly sets = new Map<string, Promise<JWTVerifyGetKey>>();

  constructor(private readonly trusted: readonly string[]) {}

  isTrusted(issuer: string): boolean {
    return this.trusted.includes(issuer);
  }

  /** @throws IssuerNotTrusted, ProviderUnavailable */
  of(issuer: string): Promise<JWTVerifyGetKey> {
    if (!this.isTrusted(issuer)) throw new IssuerNotTrusted();
    const known = this.sets.get(issuer);
    if (known) return known;
    const discovering = discover(issuer).catch((error: unknown) => {
      this.sets.delete(issuer);
      throw new ProviderUnavailable().with({ retryAfter: 5, cause: error });
    });
    this.sets.set(issuer, discovering);
    return discovering;
  }
}

async function discover(issuer: string): Promise<JWTVerifyGetKey> {
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const response = await fetch(address, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!response.ok) throw new Error(`discovery answered ${response.status}`);
  const { issuer: named, jwks_uri: keys } = (await response.json()) as { issuer?: unknown; jwks_uri?: unknown };
  if (named !== issuer) throw new Error('the issuer calls itself otherwise');
  if (typeof keys !== 'string' || !isTrustworthyUrl(keys)) throw new Error('the issuer keeps its keys nowhere safe');
  return createRemoteJWKSet(new URL(keys), {
    timeoutDuration: TIMEOUT_MS,
    cacheMaxAge: KEPT_MS,
    cooldownDuration: COOLDOWN_MS,
  });
}

import { errors, type JWTPayload, jwtVerify } from 'jose';
import type { Database } from '#database';
import { type Clock, currentContext, newId, showId } from '#kernel';
import { Unauthorized } from '../auth.errors.ts';
import type { AuthenticationLog, Known, Told } from '../authentication.log.ts';
import type { Tokens } from '../sessions/tokens.ts';
import type { UserRepository } from '../users/user.repository.ts';
import type { IssuerKeys } from './issuer-keys.ts';
import { IssuerNotTrusted, ProviderUnavailable } from './oidc.errors.ts';
import type { Workload } from './workload.entity.ts';
import type { WorkloadRepository } from './workload.repository.ts';

/** Signatures with a key of one's own. None with a shared secret: a public key would pass for one. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
const LEEWAY_SECONDS = 5;
const REFUSED = 'No token is given for this one.';

export interface ExchangeParts {
  database: Database;
  workloads: WorkloadRepository;
  users: UserRepository;
  issuers: IssuerKeys;
  tokens: Tokens;
  authentications: AuthenticationLog;
  clock: Clock;
}

/** Token exchange (RFC 8693): a program's token of its own platform for an access token of ours, without a secret to keep. */
export class TokenExchange {
  constructor(private readonly parts: ExchangeParts) {}

  /** @throws Unauthorized, the same for whatever is wrong; ProviderUnavailable */
  async exchange(workloadId: string, subjectToken: string): Promise<{ accessToken: string; expiresIn: number }> {
    const { workloads, users, authentications } = this.parts;
    authentications.attempt();
    const workload = await workloads.findNamed(workloadId);
    if (!workload) return this.refuse(null, 'there is no such workload');
    const who = { id: workload.userId, tenantId: workload.tenantId };
    const claims = await this.verify(workload, subjectToken);
    if (typeof claims === 'string') return this.refuse(who, claims);
    if (!fits(claims, workload.claims)) return this.refuse(who, 'its token says other things than were agreed');
    const user = await users.find(workload.tenantId, workload.userId);
    if (!user || user.disabledAt || user.lockedAt) return this.refuse(who, 'its account is closed');
    return this.issue(workload);
  }

  private async issue(workload: Workload): Promise<{ accessToken: string; expiresIn: number }> {
    const { database, workloads, tokens, authentications } = this.parts;
    const { tenantId, userId } = workload;
    const [sessionId, expiresIn] = [newId(), tokens.lifetime];
    const who = { id: userId, tenantId, sessionId };
    const told: Told = { ...TOLD, result: 'allowed', resource: showId('wl', workload.id) };
    await database.inTenant(tenantId, async () => {
      const ip = currentContext()?.ip ?? null;
      await workloads.openSession({ id: sessionId, workload, ip, seconds: expiresIn });
      await authentications.append(who, told);
    });
    authentications.say(who, told);
    const purpose = workload.purpose ?? undefined;
    return { accessToken: await tokens.issue({ userId, tenantId, sessionId, purpose }), expiresIn };
  }

  /** The claims of a token that is good, or why it is not. */
  private async verify({ issuer, audience }: Workload, token: string): Promise<JWTPayload | string> {
    try {
      const keys = await this.parts.issuers.of(issuer);
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        audience,
        algorithms: ALGORITHMS,
        clockTolerance: LEEWAY_SECONDS,
        requiredClaims: ['exp', 'iat', 'sub'],
        currentDate: this.parts.clock.now(),
      });
      return payload;
    } catch (error) {
      if (error instanceof IssuerNotTrusted) return 'its issuer is not trusted any more';
      if (error instanceof ProviderUnavailable) throw error;
      if (error instanceof errors.JWTExpired) return 'its token has ended';
      const answered = error instanceof errors.JOSEError && !(error instanceof errors.JWKSTimeout);
      if (answered) return 'its token is not valid';
      throw new ProviderUnavailable().with({ retryAfter: 5, cause: error });
    }
  }

  private async refuse(who: Known | null, reason: string): Promise<never> {
    await this.parts.authentications.tell(who, { ...TOLD, result: 'denied', reason });
    throw new Unauthorized(REFUSED);
  }
}

const TOLD = { action: 'auth.token-exchange', method: 'workload' } as const;

/** Whether a token says of each thing one of what was agreed. A list says all that is in it. */
function fits(claims: JWTPayload, agreed: Workload['claims']): boolean {
  return Object.entries(agreed).every(([name, values]) => {
    if (!Object.hasOwn(claims, name)) return false;
    const said: unknown[] = [claims[name]].flat();
    return said.some((each) => ['string', 'number', 'boolean'].includes(typeof each) && values.includes(String(each)));
  });
}

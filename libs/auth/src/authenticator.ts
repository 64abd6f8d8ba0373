import type { Audit } from '#audit';
import type { Database } from '#database';
import { type Clock, currentContext, type Log, type Principal, showId } from '#kernel';
import { Unauthorized } from './auth.errors.ts';
import type { Passwords } from './passwords.ts';
import { permissionsOf } from './permissions.ts';
import type { Tokens } from './tokens.ts';
import type { User } from './user.entity.ts';
import type { UserRepository } from './user.repository.ts';

/** How long rights may lag behind the store. */
const RIGHTS_MS = 5_000;
const RIGHTS_KEPT = 10_000;
const WRONG_CREDENTIALS = 'The e-mail address or the password is wrong.';

/** Port. Counts for the metrics. */
export abstract class AuthCounters {
  abstract attempt(): void;
  abstract failure(): void;
  abstract denied(): void;
}

export interface SignedIn {
  accessToken: string;
  expiresIn: number;
}

export interface AuthenticatorParts {
  database: Database;
  users: UserRepository;
  passwords: Passwords;
  tokens: Tokens;
  audit: Audit;
  counters: AuthCounters;
  clock: Clock;
  log: Log;
}

/** Who is calling. */
export class Authenticator {
  private readonly rights = new Map<string, { principal: Principal; since: number }>();

  constructor(private readonly parts: AuthenticatorParts) {}

  /** @throws Unauthorized, after the same work, whether the account is unknown, disabled, or the password wrong */
  async signIn(email: string, password: string): Promise<SignedIn> {
    const { users, passwords, tokens, counters } = this.parts;
    counters.attempt();
    const user = await users.findForSignIn(email);
    const matches = await passwords.matches(user?.passwordHash ?? null, password);
    if (!user || !matches || user.disabledAt) {
      counters.failure();
      await this.record(user, 'denied');
      throw new Unauthorized(WRONG_CREDENTIALS);
    }
    await this.record(user, 'allowed');
    const accessToken = await tokens.issue({ userId: user.id, tenantId: user.tenantId });
    return { accessToken, expiresIn: tokens.lifetime };
  }

  /** @throws Unauthorized */
  async principal(token: string): Promise<Principal> {
    const claims = await this.parts.tokens.verify(token);
    const known = this.rights.get(claims.userId);
    const now = this.parts.clock.now().getTime();
    // A clock that was set back makes nothing last longer.
    const fresh = known && now >= known.since && now - known.since < RIGHTS_MS;
    if (fresh && known.principal.tenantId === claims.tenantId) return known.principal;

    const user = await this.parts.users.find(claims.tenantId, claims.userId);
    if (!user || user.disabledAt) throw new Unauthorized();
    const principal: Principal = { id: user.id, tenantId: user.tenantId, permissions: permissionsOf(user.roles) };
    if (this.rights.size >= RIGHTS_KEPT) this.rights.clear();
    this.rights.set(user.id, { principal, since: now });
    return principal;
  }

  /**
   * Tells that somebody was refused for lack of a right: to the log, and to the audit of their tenant.
   *
   * @throws AuditUnavailable
   */
  async deny(who: Principal, action: string, resource: string): Promise<void> {
    const { audit, database, counters, log } = this.parts;
    counters.denied();
    const denied = { action, resource, result: 'denied', reason: 'the permission is missing' } as const;
    log.warn(
      { event_type: 'authorization', ...denied, actor: showId('usr', who.id), policy: 'roles' },
      'access denied',
    );
    await database.inTenant(who.tenantId, () => audit.append(who, denied));
  }

  /** Sign-ins are told to the log at once, and to the audit of the tenant where there is one. */
  private async record(user: User | null, result: 'allowed' | 'denied'): Promise<void> {
    const { audit, database, log } = this.parts;
    const actor = user ? showId('usr', user.id) : 'unknown';
    log.info({ event_type: 'authentication', method: 'password', result, actor, ip: currentContext()?.ip }, 'sign-in');
    if (!user) return;
    await database.inTenant(user.tenantId, () =>
      audit.append(user, { action: 'auth.sign-in', resource: actor, result }),
    );
  }
}

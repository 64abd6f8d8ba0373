import type { Audit } from '#audit';
import type { Database } from '#database';
import { type Clock, type Log, type Principal, showId } from '#kernel';
import { credentialOf } from './access.decorators.ts';
import { AccessCache } from './access-cache.ts';
import type { AccessEpochs } from './access-epochs.ts';
import type { KeyHolders } from './api-keys/key.holders.ts';
import { isApiKey } from './api-keys/api-key.token.ts';
import type { AuthCounters } from './authentication.log.ts';
import { permissionsOf } from './permissions.ts';
import type { SessionRepository } from './sessions/session.repository.ts';
import type { AccessClaims, Tokens } from './sessions/tokens.ts';

export interface AuthenticatorParts {
  database: Database;
  sessions: SessionRepository;
  epochs: AccessEpochs;
  tokens: Tokens;
  keyHolders: KeyHolders;
  audit: Audit;
  counters: AuthCounters;
  clock: Clock;
  log: Log;
}

/** Who is calling, by an access token or an API key. */
export class Authenticator {
  private readonly cache: AccessCache<Principal>;

  constructor(private readonly parts: AuthenticatorParts) {
    this.cache = new AccessCache(parts.epochs, parts.clock);
  }

  /** @throws Unauthorized */
  async principal(credential: string): Promise<Principal> {
    if (isApiKey(credential)) return this.parts.keyHolders.principal(credential);
    const claims = await this.parts.tokens.verify(credential);
    const { tenantId, userId, sessionId } = claims;
    return this.cache.holder(tenantId, `${userId} ${sessionId}`, () => this.load(claims));
  }

  /**
   * Whom a request is from, for counting and not for letting in: the user of a valid access token, or an API key that
   * was let in before. Null for anyone else.
   */
  async identify(headers: Parameters<typeof credentialOf>[0]): Promise<string | null> {
    const credential = credentialOf(headers);
    if (!credential) return null;
    if (isApiKey(credential)) return this.parts.keyHolders.keyIdOf(credential);
    const claims = await this.parts.tokens.verify(credential).catch(() => null);
    return claims?.userId ?? null;
  }

  /**
   * Tells that somebody was refused for lack of a right: to the log, and to the audit of their tenant.
   *
   * @throws AuditUnavailable
   */
  async deny(who: Principal, action: string, resource: string, reason = 'the permission is missing'): Promise<void> {
    const { audit, database, counters, log } = this.parts;
    counters.denied();
    const denied = { action, resource, result: 'denied', reason } as const;
    log.warn(
      { event_type: 'authorization', ...denied, actor: showId('usr', who.id), policy: 'roles' },
      'access denied',
    );
    await database.inTenant(who.tenantId, () => audit.append(who, denied));
  }

  private async load({ tenantId, userId, sessionId }: AccessClaims): Promise<Principal | null> {
    const { database, sessions } = this.parts;
    const roles = await database.inTenant(tenantId, () => sessions.rolesOf(sessionId, userId));
    return roles && { id: userId, tenantId, sessionId, permissions: permissionsOf(roles) };
  }
}

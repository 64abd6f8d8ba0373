import type { Audit, AuditActor } from '#audit';
import type { Database } from '#database';
import { showId } from '#kernel';
import type { AccessEpochs } from './access-epochs.ts';
import type { ApiKeyRepository } from './api-keys/api-key.repository.ts';
import type { SessionRepository } from './sessions/session.repository.ts';

export interface Revoked {
  sessions: number;
  apiKeys: number;
}

export interface RevocationParts {
  database: Database;
  sessions: SessionRepository;
  apiKeys: ApiKeyRepository;
  epochs: AccessEpochs;
  audit: Audit;
}

/** Takes back what was given out; every server refuses it within two seconds. Joins the transaction it is called in. */
export class Revocations {
  constructor(private readonly parts: RevocationParts) {}

  /** Ends one session of a user. Gives whether there was one to end. */
  async session(caller: AuditActor, userId: string, id: string, because: string): Promise<boolean> {
    const { sessions } = await this.end(caller, { id, userId, because }, showId('ses', id));
    return sessions === 1;
  }

  /** Ends all sessions of a user but the one that is excepted, and the API keys when asked to. */
  user(
    caller: AuditActor,
    userId: string,
    which: { because: string; except?: string; apiKeys?: boolean },
  ): Promise<Revoked> {
    return this.end(caller, { userId, ...which }, showId('usr', userId));
  }

  /** Ends everything of a whole tenant: for the day somebody got in. */
  everything(caller: AuditActor, which: { except?: string; apiKeys: boolean }): Promise<Revoked> {
    return this.end(caller, { ...which, because: 'all sessions were revoked' }, showId('ten', caller.tenantId));
  }

  private end(
    caller: AuditActor,
    {
      apiKeys = false,
      because,
      ...which
    }: { id?: string; userId?: string; except?: string; because: string; apiKeys?: boolean },
    resource: string,
  ): Promise<Revoked> {
    const { database, sessions, apiKeys: keys, epochs, audit } = this.parts;
    return database.inTenant(caller.tenantId, async () => {
      const revoked = {
        sessions: await sessions.revoke(which, because),
        apiKeys: apiKeys ? await keys.revokeAll(which.userId) : 0,
      };
      const details = { sessions: revoked.sessions, ...(apiKeys && { api_keys: revoked.apiKeys }) };
      await audit.append(caller, { action: 'session.revoke', resource, reason: because, details });
      await epochs.raise(caller.tenantId);
      return revoked;
    });
  }
}

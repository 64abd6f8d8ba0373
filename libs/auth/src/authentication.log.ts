import { type AuditActor, type Audit } from '#audit';
import type { Database } from '#database';
import { currentContext, type Log, showId } from '#kernel';

/** Port. Counts for the metrics. */
export abstract class AuthCounters {
  abstract attempt(): void;
  abstract failure(): void;
  abstract denied(): void;
}

/** Whoever a credential belongs to, as far as it is known. */
export interface Known {
  id: string;
  tenantId: string;
  sessionId?: string;
  apiKeyId?: string;
}

export interface Told {
  /** `auth.sign-in`, `auth.refresh` … */
  action: string;
  /** `password`, `refresh-token`, `api-key` … */
  method: string;
  result: 'allowed' | 'denied';
  reason?: string;
  /** What it was done with, when that is not the user: `ses_…`, `key_…`. */
  resource?: string;
}

/** Tells of everyone who shows who they are, or fails to: to the log, to the metrics, and to the audit of their tenant. */
export class AuthenticationLog {
  constructor(
    private readonly database: Database,
    private readonly audit: Audit,
    private readonly counters: AuthCounters,
    private readonly log: Log,
  ) {}

  attempt(): void {
    this.counters.attempt();
  }

  /** @throws AuditUnavailable: then nothing was allowed either */
  async tell(who: Known | null, told: Told): Promise<void> {
    this.say(who, told);
    if (who) await this.database.inTenant(who.tenantId, () => this.append(who, told));
  }

  /** The audit row alone, inside the transaction of what it tells of; `say` follows when that is done. */
  append(who: Known, { action, method, result, reason, resource }: Told): Promise<void> {
    const { id, tenantId, sessionId, apiKeyId } = who;
    const actor: AuditActor = { id, tenantId, sessionId, apiKeyId };
    const entry = { action, resource: resource ?? showId('usr', id), result, reason, details: { method } };
    return this.audit.append(actor, entry);
  }

  say(who: Known | null, { action, method, result, reason }: Told): void {
    if (result === 'denied') this.counters.failure();
    const actor = who ? showId('usr', who.id) : 'unknown';
    const ip = currentContext()?.ip;
    this.log.info({ event_type: 'authentication', action, method, result, reason, actor, ip }, 'authentication');
  }
}

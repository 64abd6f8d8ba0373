import type { Database } from '#database';
import { currentContext, newId, type Principal } from '#kernel';
import { AuditEvent, type AuditResult } from './audit-event.entity.ts';

export interface AuditEntry {
  action: string;
  /** The shown id of what it was done to, or its kind where there is no one thing. */
  resource: string;
  result?: AuditResult;
  reason?: string;
  details?: AuditEvent['details'];
}

/**
 * Writes what is done into the transaction that does it: when this fails, the change fails with it, and what cannot
 * be logged does not happen.
 */
export class Audit {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  /** Must run inside a transaction of the caller's tenant. */
  async append(caller: Pick<Principal, 'tenantId'> & { id: string | null }, entry: AuditEntry): Promise<void> {
    const context = currentContext();
    await this.database.repository(AuditEvent).insert({
      id: newId(),
      tenantId: caller.tenantId,
      actorId: caller.id,
      action: entry.action,
      resource: entry.resource,
      result: entry.result ?? 'allowed',
      reason: entry.reason ?? null,
      requestId: context?.requestId ?? null,
      ip: context?.ip ?? null,
      details: entry.details ?? {},
    });
  }
}

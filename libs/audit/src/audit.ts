import { asVaultError, type Database } from '#database';
import { currentContext, newId, type Principal, type RequestContext, showId, VaultError } from '#kernel';
import { AuditUnavailable } from './audit.errors.ts';
import type { AuditDetails, AuditResult } from './audit-event.entity.ts';
import { auditDetails, auditText } from './audit-text.ts';

export interface AuditEntry {
  action: string;
  /** The shown id of what it was done to, or its kind where there is no one thing. */
  resource: string;
  result?: AuditResult;
  reason?: string;
  details?: AuditDetails;
}

/** Who did it. The id is null where nobody in particular did: at the first start, by a timer, on the command line. */
export type AuditActor = Pick<Principal, 'tenantId' | 'sessionId' | 'apiKeyId'> & { id: string | null };

/** One of several that are written at once, each in the words of the request it came with. */
export interface AuditedAct {
  actor: AuditActor;
  entry: AuditEntry;
  context: RequestContext | undefined;
}

const INSERT = `INSERT INTO audit_events (id, tenant_id, actor_id, action, resource, result, reason, request_id, ip, details)
  SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
    $9::text[], $10::jsonb[])`;

/**
 * Writes what is done into the transaction that does it: when this fails, the change fails with it, and what cannot
 * be logged does not happen.
 */
export class Audit {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  /** Must run inside a transaction of the caller's tenant. @throws AuditUnavailable */
  append(actor: AuditActor, entry: AuditEntry): Promise<void> {
    return this.appendAll([{ actor, entry, context: currentContext() }]);
  }

  /** The same for what several callers did in one transaction, in one statement. @throws AuditUnavailable */
  async appendAll(acts: readonly AuditedAct[]): Promise<void> {
    if (!this.database.inTransaction) throw new Error('an audit row outside of a transaction');
    const rows = acts.map(rowOf);
    const columns = Array.from({ length: COLUMNS }, (_, column) => rows.map((row) => row[column]));
    try {
      // By hand and not by the mapper: every request does this, and the mapper takes longer than the database.
      await this.database.query(INSERT, columns);
    } catch (error) {
      // A lost connection or a deadlock has its own name already.
      if (asVaultError(error) instanceof VaultError) throw error;
      throw new AuditUnavailable().with({ retryAfter: 5, cause: error });
    }
  }
}

const COLUMNS = 10;

function rowOf({ actor, entry, context }: AuditedAct): (string | null)[] {
  const optional = (text: string | undefined, max: number): string | null =>
    text === undefined ? null : auditText(text, max);
  return [
    newId(),
    actor.tenantId,
    actor.id,
    auditText(entry.action, 100),
    auditText(entry.resource, 255),
    entry.result ?? 'allowed',
    optional(entry.reason, 500),
    optional(context?.requestId, 128),
    optional(context?.ip, 45),
    JSON.stringify(auditDetails({ ...entry.details, ...credentialOf(actor) })),
  ];
}

/** What the actor held: when it turns out to be stolen, everything it touched can be found. */
function credentialOf({ sessionId, apiKeyId }: AuditActor): AuditDetails {
  return {
    ...(sessionId && { session: showId('ses', sessionId) }),
    ...(apiKeyId && { api_key: showId('key', apiKeyId) }),
  };
}

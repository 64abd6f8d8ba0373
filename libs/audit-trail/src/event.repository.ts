import type { AuditResult } from '#audit';
import type { StoredEvent } from '#audit-chain';
import type { Database } from '#database';
import { EVENT_COLUMNS } from './event-columns.ts';

export interface EventFilter {
  actorId?: string;
  action?: string;
  resource?: string;
  result?: AuditResult;
  /** ISO 8601; up to, not including, `to`. */
  from?: string;
  to?: string;
}

/** Where a list goes on: behind the event of that time and id. */
export interface EventPosition {
  at: string;
  id: string;
}

export interface ListedEvent extends StoredEvent {
  /** Null until it is sealed, a second or so after it was committed. */
  seq: number | null;
  hash: string | null;
}

/** Events as they are read, inside a transaction of their tenant. */
export class EventRepository {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  /** Newest first. */
  page(tenantId: string, filter: EventFilter, limit: number, behind?: EventPosition): Promise<ListedEvent[]> {
    const values: unknown[] = [tenantId];
    const value = (given: unknown): string => `$${values.push(given)}`;
    const where = ['e.tenant_id = $1', ...conditions(filter, value)];
    if (behind) where.push(`(e.at, e.id) < (${value(behind.at)}::timestamptz, ${value(behind.id)}::uuid)`);
    return this.database.query<ListedEvent>(
      `SELECT ${EVENT_COLUMNS}, c.seq, encode(c.hash, 'hex') AS hash
         FROM audit_events e LEFT JOIN audit_entries c ON c.event_id = e.id
        WHERE ${where.join(' AND ')} ORDER BY e.at DESC, e.id DESC LIMIT ${value(limit)}`,
      values,
    );
  }
}

function conditions(filter: EventFilter, value: (given: unknown) => string): string[] {
  const { actorId, action, resource, result, from, to } = filter;
  return [
    ...(actorId === undefined ? [] : [`e.actor_id = ${value(actorId)}`]),
    ...(action === undefined ? [] : [`e.action = ${value(action)}`]),
    ...(resource === undefined ? [] : [`e.resource = ${value(resource)}`]),
    ...(result === undefined ? [] : [`e.result = ${value(result)}`]),
    ...(from === undefined ? [] : [`e.at >= ${value(from)}::timestamptz`]),
    ...(to === undefined ? [] : [`e.at < ${value(to)}::timestamptz`]),
  ];
}

import type { ChainEntry, StoredEvent } from '#audit-chain';
import type { Database } from '#database';
import { EVENT_COLUMNS, type EventColumns, timeText } from './event-columns.ts';

export interface ChainHead {
  seq: number;
  hash: string;
  horizon: number;
  /** The horizon is of another database, from which this one was restored: it says nothing here. */
  isForeign: boolean;
}

export interface Unsealed extends StoredEvent {
  xid: number;
  /** No transaction below this number is still under way. */
  settled: number;
  now: string;
}

/** An entry as it is stored, beside the event it seals, which ought to be there. */
export interface StoredEntry extends EventColumns {
  seq: number;
  sealedAt: string;
  prev: string;
  hash: string;
  mac: string;
}

export type NewEntry = Omit<ChainEntry, 'event'> & { eventId: string; prev: string; mac: string; horizon: number };

/**
 * Not in the chain yet, among what may not be. Below the horizon nothing can be, unless the database is a restored one.
 * Each is looked for by its key (OFFSET 0): the planner takes a third of all events for those behind the horizon, and would
 * read the whole chain once a second. Where all are to be looked at, it may.
 */
function unsealed(head: ChainHead | null): string {
  return `e.tenant_id = $1
    AND e.xid >= CASE WHEN $2::bigint > pg_snapshot_xmax(pg_current_snapshot())::text::bigint THEN 0 ELSE $2 END
    AND NOT EXISTS (SELECT FROM audit_entries c WHERE c.event_id = e.id ${head?.isForeign ? '' : 'OFFSET 0'})`;
}

/** The chain of one tenant, inside a transaction of that tenant. */
export class ChainRepository {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  /** Makes this transaction the only one that lengthens the chain; false when another one does. */
  async lock(tenantId: string): Promise<boolean> {
    const sql = 'SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS mine';
    const [row] = await this.database.query<{ mine: boolean }>(sql, [`vault audit ${tenantId}`]);
    return row!.mine;
  }

  async head(tenantId: string): Promise<ChainHead | null> {
    const [row] = await this.database.query<ChainHead>(
      `SELECT seq, encode(hash, 'hex') AS hash, horizon,
         horizon > pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS "isForeign"
         FROM audit_entries WHERE tenant_id = $1 ORDER BY seq DESC LIMIT 1`,
      [tenantId],
    );
    return row ?? null;
  }

  async hasUnsealed(tenantId: string, head: ChainHead | null): Promise<boolean> {
    const sql = `SELECT EXISTS (SELECT FROM audit_events e WHERE ${unsealed(head)}) AS found`;
    const [row] = await this.database.query<{ found: boolean }>(sql, [tenantId, head?.horizon ?? 0]);
    return row!.found;
  }

  /** Events and the snapshot they were seen in, in one statement: only so does the one say something about the other. */
  unsealed(tenantId: string, head: ChainHead | null, limit: number): Promise<Unsealed[]> {
    return this.database.query<Unsealed>(
      `SELECT ${EVENT_COLUMNS}, e.xid, pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS settled,
         ${timeText('statement_timestamp()')} AS now
         FROM audit_events e WHERE ${unsealed(head)} ORDER BY e.xid, e.id LIMIT $3`,
      [tenantId, head?.horizon ?? 0, limit],
    );
  }

  async insert(tenantId: string, entries: readonly NewEntry[]): Promise<void> {
    const column = <K extends keyof NewEntry>(name: K): NewEntry[K][] => entries.map((entry) => entry[name]);
    await this.database.query(
      `INSERT INTO audit_entries (tenant_id, seq, event_id, prev, hash, mac, horizon, sealed_at)
       SELECT $1, u.seq, u.event_id, decode(u.prev, 'hex'), decode(u.hash, 'hex'), decode(u.mac, 'hex'), u.horizon, u.sealed_at
         FROM unnest($2::bigint[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::timestamptz[])
           AS u (seq, event_id, prev, hash, mac, horizon, sealed_at)`,
      [
        tenantId,
        column('seq'),
        column('eventId'),
        column('prev'),
        column('hash'),
        column('mac'),
        column('horizon'),
        column('sealedAt'),
      ],
    );
  }

  page(tenantId: string, from: number, limit: number): Promise<StoredEntry[]> {
    return this.database.query<StoredEntry>(
      `SELECT c.seq, ${timeText('c.sealed_at')} AS "sealedAt", encode(c.prev, 'hex') AS prev, encode(c.hash, 'hex') AS hash,
         encode(c.mac, 'hex') AS mac, ${EVENT_COLUMNS}
         FROM audit_entries c LEFT JOIN audit_events e ON e.id = c.event_id
        WHERE c.tenant_id = $1 AND c.seq >= $2 ORDER BY c.seq LIMIT $3`,
      [tenantId, from, limit],
    );
  }

  /** The first seq sealed at that time or later; null when there is none. */
  async firstSince(tenantId: string, time: Date): Promise<number | null> {
    const [row] = await this.database.query<{ seq: number | null }>(
      `SELECT min(seq) AS seq FROM audit_entries WHERE tenant_id = $1 AND sealed_at >= $2`,
      [tenantId, time],
    );
    return row!.seq;
  }

  /** Among `limit` events behind `after`: which is the last, how many there are, and how many the sealer went past. */
  async skipped(tenantId: string, horizon: number, after: string, limit: number): Promise<Skipped> {
    const [row] = await this.database.query<Skipped>(
      `SELECT count(*) AS count, (array_agg(p.id ORDER BY p.id DESC))[1] AS last,
         count(*) FILTER (WHERE p.xid < $2 AND NOT EXISTS (SELECT FROM audit_entries c WHERE c.event_id = p.id)) AS skipped
         FROM (SELECT id, xid FROM audit_events WHERE tenant_id = $1 AND id > $3 ORDER BY id LIMIT $4) p`,
      [tenantId, horizon, after, limit],
    );
    return row!;
  }
}

export interface Skipped {
  count: number;
  last: string | null;
  skipped: number;
}

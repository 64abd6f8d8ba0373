import type { Checkpoint } from '#audit-chain';
import type { Database } from '#database';
import { showId } from '#kernel';
import { timeText } from './event-columns.ts';

export interface SignedCheckpoint {
  checkpoint: Checkpoint;
  signature: string;
}

/** How far the chain has come since its last checkpoint. */
export interface Progress {
  /** How many entries have none behind them. */
  entries: number;
  /** For how many seconds the first of them has been there. */
  seconds: number;
  now: string;
}

type Row = Omit<Checkpoint, 'tenant'> & { signature: string };

const COLUMNS = `number, count, encode(head, 'hex') AS head, ${timeText('at')} AS at, encode(previous, 'hex') AS previous,
  key_id AS key, encode(signature, 'hex') AS signature`;

/** The checkpoints of one tenant, inside a transaction of that tenant. */
export class CheckpointRepository {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  async last(tenantId: string): Promise<SignedCheckpoint | null> {
    const [found] = await this.find(tenantId, 'tenant_id = $1 ORDER BY number DESC LIMIT 1', []);
    return found ?? null;
  }

  /** Of entries `first` to `last`, oldest first. */
  among(tenantId: string, first: number, last: number, limit: number): Promise<SignedCheckpoint[]> {
    return this.find(tenantId, 'tenant_id = $1 AND count BETWEEN $2 AND $3 ORDER BY number LIMIT $4', [
      first,
      last,
      limit,
    ]);
  }

  /** Behind `number` and no older than that, oldest first. */
  after(tenantId: string, number: number, since: Date, limit: number): Promise<SignedCheckpoint[]> {
    return this.find(tenantId, 'tenant_id = $1 AND number > $2 AND at >= $3 ORDER BY number LIMIT $4', [
      number,
      since,
      limit,
    ]);
  }

  async number(tenantId: string, number: number): Promise<SignedCheckpoint | null> {
    const [found] = await this.find(tenantId, 'tenant_id = $1 AND number = $2', [number]);
    return found ?? null;
  }

  /** Newest first. */
  page(tenantId: string, limit: number, before: number | null): Promise<SignedCheckpoint[]> {
    return this.find(
      tenantId,
      'tenant_id = $1 AND ($2::integer IS NULL OR number < $2) ORDER BY number DESC LIMIT $3',
      [before, limit],
    );
  }

  async progress(tenantId: string, count: number): Promise<Progress> {
    const [row] = await this.database.query<Progress>(
      `SELECT coalesce(max(seq), $2::bigint) - $2 AS entries, ${timeText('clock_timestamp()')} AS now,
         coalesce(extract(epoch FROM clock_timestamp() - (SELECT sealed_at FROM audit_entries WHERE tenant_id = $1 AND seq = $2 + 1)), 0)::float8 AS seconds
         FROM audit_entries WHERE tenant_id = $1`,
      [tenantId, count],
    );
    return row!;
  }

  async insert(tenantId: string, { checkpoint, signature }: SignedCheckpoint): Promise<void> {
    const { number, count, head, at, previous, key } = checkpoint;
    await this.database.query(
      `INSERT INTO audit_checkpoints (tenant_id, number, count, head, at, previous, key_id, signature)
       VALUES ($1, $2, $3, decode($4, 'hex'), $5, decode($6, 'hex'), $7, decode($8, 'hex'))`,
      [tenantId, number, count, head, at, previous, key, signature],
    );
  }

  private async find(tenantId: string, where: string, values: unknown[]): Promise<SignedCheckpoint[]> {
    const sql = `SELECT ${COLUMNS} FROM audit_checkpoints WHERE ${where}`;
    const rows = await this.database.query<Row>(sql, [tenantId, ...values]);
    const tenant = showId('ten', tenantId);
    return rows.map(({ signature, ...row }) => ({ checkpoint: { tenant, ...row }, signature }));
  }
}

import type { Database } from '#database';
import type { BlobStore } from '#storage';

const AT_ONCE = 100;

/**
 * Objects that are to be deleted. One is written down before it is stored, or in the transaction that lets go of it, and
 * crossed out by who names it or when it is gone: so none is forgotten, wherever a process ends.
 */
export class Leftovers {
  constructor(
    private readonly database: Database,
    private readonly blobs: BlobStore,
  ) {}

  /** In the caller's transaction. */
  async add(tenantId: string, objects: readonly string[], inSeconds = 0): Promise<void> {
    await this.database.query(
      `INSERT INTO leftover_objects (object, tenant_id, not_before)
       SELECT object, $2, now() + make_interval(secs => $3) FROM unnest($1::text[]) AS o (object)`,
      [objects, tenantId, inSeconds],
    );
  }

  /** From now on it is named, in the caller's transaction; false when it is deleted already, or being deleted. */
  async take(object: string): Promise<boolean> {
    const sql = 'DELETE FROM leftover_objects WHERE object = $1 RETURNING 1 AS one';
    return (await this.database.query(sql, [object])).length === 1;
  }

  /** Deletes what may be deleted by now. @returns how many objects that were */
  async clear(tenantId: string): Promise<number> {
    for (let done = 0; ;) {
      const some = await this.database.inTenant(tenantId, () => this.clearSome());
      done += some;
      if (some < AT_ONCE) return done;
    }
  }

  /** The rows are held meanwhile, and what is deleted twice does no harm. */
  private async clearSome(): Promise<number> {
    const rows = await this.database.query<{ object: string }>(
      `SELECT object FROM leftover_objects WHERE not_before <= now() ORDER BY not_before LIMIT ${AT_ONCE}
         FOR UPDATE SKIP LOCKED`,
    );
    await Promise.all(rows.map(({ object }) => this.blobs.delete(object)));
    const objects = rows.map(({ object }) => object);
    await this.database.query('DELETE FROM leftover_objects WHERE object = ANY($1)', [objects]);
    return rows.length;
  }
}

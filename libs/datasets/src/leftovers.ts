import type { Database } from '#database';
import type { Log } from '#kernel';
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
    private readonly log: Log,
  ) {}

  /** In the caller's transaction. */
  async add(tenantId: string, objects: readonly string[], inSeconds = 0): Promise<void> {
    await this.database.query(
      `INSERT INTO leftover_objects (object, tenant_id, not_before)
       SELECT object, $2, now() + make_interval(secs => $3) FROM unnest($1::text[]) AS o (object)`,
      [objects, tenantId, inSeconds],
    );
  }

  /** Of what `resource` lets go of, in the caller's transaction: deleted right after it, or with the next round of the sweeper. */
  async release(tenantId: string, resource: string, objects: readonly string[]): Promise<void> {
    if (objects.length === 0) return;
    await this.add(tenantId, objects);
    this.database.afterCommit(() => void this.tryToClear(tenantId, resource));
  }

  private async tryToClear(tenantId: string, resource: string): Promise<void> {
    try {
      await this.clear(tenantId);
    } catch (error) {
      const fields = { event_type: 'removal', error: 'OBJECTS_LEFT', resource, err: error };
      this.log.warn(fields, 'sealed objects that nothing names any more could not be deleted yet');
    }
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

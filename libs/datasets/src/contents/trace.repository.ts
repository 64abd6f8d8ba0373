import type { Database } from '#database';
import { type Change, hashedIn, sketchedIn } from '../writes/change.ts';
import { columnsOf, type ContentHashRepository, type ContentName } from './content-hash.repository.ts';
import type { ContentSketchRepository } from './content-sketch.repository.ts';
import { methodOf } from './content.sketch.ts';
import type { Traces } from './traces.ts';

interface Place {
  tenantId: string;
  datasetId: string;
}

const TABLES = ['content_hashes', 'content_sketches'] as const;
const AT_ONCE = 20_000;

/** Where hashes and sketches of contents come in and go together; every method runs in the caller's transaction. */
export class TraceRepository {
  constructor(
    private readonly database: Database,
    private readonly hashes: Pick<ContentHashRepository, 'insert' | 'copy'>,
    private readonly sketches: Pick<ContentSketchRepository, 'insert' | 'copy'>,
  ) {}

  /** Of contents that are new, as far as they are asked for. */
  async insert(place: Place, asked: Traces, changes: readonly Change[]): Promise<void> {
    if (asked.hashes) await this.hashes.insert(place, hashedIn(changes));
    if (asked.sketches) await this.sketches.insert(place, methodOf(asked.sketches), sketchedIn(changes));
  }

  /** Rows as `COPY … (FORMAT binary)` takes them; null where there are none. */
  async copy(made: { hashes: Uint8Array | null; sketches: Uint8Array | null }): Promise<void> {
    if (made.hashes) await this.hashes.copy(made.hashes);
    if (made.sketches) await this.sketches.copy(made.sketches);
  }

  /** Of records that were staged under a commit, and are still there. Their ids lie between these. */
  async clear(
    { datasetId, branchId, seq }: { datasetId: string; branchId: string; seq: number },
    first: string,
    last: string,
  ): Promise<void> {
    for (const table of TABLES) {
      const staged = `SELECT h.ctid FROM ${table} h JOIN record_versions v USING (record_id, leaf)
        WHERE h.dataset_id = $1 AND h.record_id BETWEEN $2 AND $3 AND v.branch_id = $4 AND v.from_seq = $5`;
      // Some at a time: of very many one statement would take longer than it may.
      const sql = `DELETE FROM ${table} WHERE ctid = ANY(ARRAY(${staged} LIMIT ${AT_ONCE})) RETURNING 1 AS one`;
      const parameters = [datasetId, first, last, branchId, seq];
      while ((await this.database.query(sql, parameters)).length === AT_ONCE);
    }
  }

  /** Of contents that nothing names any more. */
  async remove(datasetId: string, versions: readonly ContentName[]): Promise<void> {
    for (const table of TABLES) {
      await this.database.query(
        `DELETE FROM ${table} h USING unnest($2::uuid[], $3::bytea[]) AS k (record_id, leaf)
          WHERE h.dataset_id = $1 AND h.record_id = k.record_id AND h.leaf = k.leaf`,
        [datasetId, ...columnsOf(versions)],
      );
    }
  }

  /** Of contents, where no other version says the same of the record any more. */
  async forget(datasetId: string, versions: readonly ContentName[]): Promise<void> {
    for (const table of TABLES) {
      await this.database.query(
        `DELETE FROM ${table} WHERE ctid = ANY(ARRAY(
           SELECT h.place FROM unnest($2::uuid[], $3::bytea[]) AS k (id, leaf) CROSS JOIN LATERAL (
             SELECT ctid AS place FROM ${table} WHERE dataset_id = $1 AND record_id = k.id AND leaf = k.leaf OFFSET 0) AS h
            WHERE NOT EXISTS (SELECT FROM branches b CROSS JOIN LATERAL (
              SELECT FROM record_versions WHERE branch_id = b.id AND record_id = k.id AND leaf = k.leaf OFFSET 0) AS v
               WHERE b.dataset_id = $1)))`,
        [datasetId, ...columnsOf(versions)],
      );
    }
  }
}

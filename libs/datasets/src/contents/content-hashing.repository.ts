import type { Database } from '#database';
import type { StoredVersion } from '../record-version.entity.ts';
import { type VersionRow, versionOf } from '../version-row.ts';
import { ContentHashing } from './content-hash.entity.ts';

/** A place among the rows of a branch. */
export interface RowPlace {
  recordId: string;
  fromSeq: number;
}

/** The last row that was looked at is null where there are no more. */
export interface Unhashed {
  versions: StoredVersion[];
  last: RowPlace | null;
}

const AT_ONCE = 5000;

/** Which datasets hashes of contents are kept of, and what is still to be hashed; every method runs in the caller's transaction. */
export class ContentHashingRepository {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  find(datasetId: string): Promise<ContentHashing | null> {
    return this.database.repository(ContentHashing).findOneBy({ datasetId });
  }

  async begin(hashing: Pick<ContentHashing, 'datasetId' | 'tenantId' | 'jobId'>): Promise<void> {
    await this.database.repository(ContentHashing).upsert({ ...hashing, completedAt: null }, ['datasetId']);
  }

  async end(datasetId: string): Promise<void> {
    await this.database.repository(ContentHashing).delete({ datasetId });
  }

  async complete(datasetId: string, jobId: string): Promise<void> {
    await this.database.repository(ContentHashing).update({ datasetId, jobId }, { completedAt: new Date() });
  }

  /** Whether they are kept, which nobody changes before the transaction ends; null when the dataset is gone. */
  async isAskedFor(datasetId: string): Promise<boolean | null> {
    const found = await this.database.query('SELECT FROM datasets WHERE id = $1 FOR SHARE', [datasetId]);
    return found.length === 0 ? null : (await this.find(datasetId)) !== null;
  }

  async branches(datasetId: string): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>('SELECT id FROM branches WHERE dataset_id = $1', [
      datasetId,
    ]);
    return rows.map(({ id }) => id);
  }

  /** What is not hashed yet of the next rows of a branch. */
  async unhashed(datasetId: string, branchId: string, after: RowPlace | null): Promise<Unhashed> {
    const [last, ...rows] = await this.database.query<VersionRow & { n: number }>(
      `WITH page AS MATERIALIZED (
         SELECT v.* FROM record_versions v
          WHERE v.branch_id = $2 AND ($3::uuid IS NULL OR (v.record_id, v.from_seq) > ($3, $4::bigint))
          ORDER BY v.record_id, v.from_seq LIMIT ${AT_ONCE})
       (SELECT page.*, (SELECT count(*)::int FROM page) AS n FROM page ORDER BY record_id DESC, from_seq DESC LIMIT 1)
       UNION ALL
       (SELECT v.*, 0 FROM page v
         WHERE v.segment_id IS NOT NULL
           AND EXISTS (SELECT FROM commits c
             WHERE c.branch_id = v.branch_id AND c.seq = v.from_seq AND c.state IN ('published', 'held') OFFSET 0)
           AND NOT EXISTS (SELECT FROM content_hashes h
             WHERE h.dataset_id = $1 AND h.record_id = v.record_id AND h.leaf = v.leaf OFFSET 0))`,
      [datasetId, branchId, after?.recordId ?? null, after?.fromSeq ?? null],
    );
    const isFull = last?.n === AT_ONCE;
    return {
      versions: rows.map(versionOf),
      last: isFull ? { recordId: last.record_id, fromSeq: last.from_seq } : null,
    };
  }

  /** Takes some of the hashes away; false when there are no more. */
  async removeSome(datasetId: string): Promise<boolean> {
    const rows = await this.database.query(
      `DELETE FROM content_hashes WHERE ctid = ANY(ARRAY(
         SELECT ctid FROM content_hashes WHERE dataset_id = $1 LIMIT 20000)) RETURNING 1 AS one`,
      [datasetId],
    );
    return rows.length > 0;
  }
}

import type { Database } from '#database';
import type { StoredVersion } from '../record-version.entity.ts';
import { type VersionRow, versionOf } from '../version-row.ts';
import type { Looking } from '../duplicates/duplicate.tasks.ts';

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

/** How far it is with what is kept of the contents of a dataset. */
export interface KeptProgress {
  datasetId: string;
  /** Which brings in what was there already. */
  jobId: string;
  /** Null: of what was there, not all is known yet. */
  completedAt: Date | null;
  /** Of sketches: what is looked at. */
  looking: Looking | null;
}

/** Where it is kept, and how far it is with that. */
export interface KeptIn {
  rows: 'content_hashes' | 'content_sketches';
  progress: 'content_hashings' | 'content_sketchings';
}

const AT_ONCE = 5000;

/** Of which datasets traces of contents are kept, and what is still to be looked at; every method runs in the caller's transaction. */
export class ContentHashingRepository {
  private readonly database: Database;
  private readonly keptIn: KeptIn;

  constructor(database: Database, keptIn: KeptIn = { rows: 'content_hashes', progress: 'content_hashings' }) {
    this.database = database;
    this.keptIn = keptIn;
  }

  async find(datasetId: string): Promise<KeptProgress | null> {
    const { progress } = this.keptIn;
    const looking = progress === 'content_sketchings' ? 'looking' : 'NULL AS looking';
    const [found] = await this.database.query<KeptProgress>(
      `SELECT dataset_id AS "datasetId", job_id AS "jobId", completed_at AS "completedAt", ${looking}
         FROM ${progress} WHERE dataset_id = $1`,
      [datasetId],
    );
    return found ?? null;
  }

  async begin({ datasetId, tenantId, jobId, looking }: Omit<KeptProgress, 'completedAt'> & Tenanted): Promise<void> {
    const { progress } = this.keptIn;
    const [column, value, set] = looking ? [', looking', ', $4', ', looking = $4'] : ['', '', ''];
    await this.database.query(
      `INSERT INTO ${progress} (dataset_id, tenant_id, job_id${column}) VALUES ($1, $2, $3${value})
       ON CONFLICT (dataset_id) DO UPDATE SET job_id = $3, completed_at = NULL${set}`,
      [datasetId, tenantId, jobId, ...(looking ? [JSON.stringify(looking)] : [])],
    );
  }

  async end(datasetId: string): Promise<void> {
    await this.database.query(`DELETE FROM ${this.keptIn.progress} WHERE dataset_id = $1`, [datasetId]);
  }

  async complete(datasetId: string, jobId: string): Promise<void> {
    const sql = `UPDATE ${this.keptIn.progress} SET completed_at = now() WHERE dataset_id = $1 AND job_id = $2`;
    await this.database.query(sql, [datasetId, jobId]);
  }

  /** Whether all that was there when its gates began to ask is known by now. */
  async isComplete(datasetId: string): Promise<boolean> {
    return Boolean((await this.find(datasetId))?.completedAt);
  }

  /** What is kept, which nobody changes before the transaction ends: null for nothing, undefined when the dataset is gone. */
  async askedFor(datasetId: string): Promise<KeptProgress | null | undefined> {
    const found = await this.database.query('SELECT FROM datasets WHERE id = $1 FOR SHARE', [datasetId]);
    return found.length === 0 ? undefined : this.find(datasetId);
  }

  async branches(datasetId: string): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>('SELECT id FROM branches WHERE dataset_id = $1', [
      datasetId,
    ]);
    return rows.map(({ id }) => id);
  }

  /** What is not known yet of the next rows of a branch. */
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
           AND NOT EXISTS (SELECT FROM ${this.keptIn.rows} h
             WHERE h.dataset_id = $1 AND h.record_id = v.record_id AND h.leaf = v.leaf OFFSET 0))`,
      [datasetId, branchId, after?.recordId ?? null, after?.fromSeq ?? null],
    );
    const isFull = last?.n === AT_ONCE;
    return {
      versions: rows.map(versionOf),
      last: isFull ? { recordId: last.record_id, fromSeq: last.from_seq } : null,
    };
  }

  /** Takes some of it away, but for what was made by a method; false when there is no more. */
  async removeSome(datasetId: string, method: number | null): Promise<boolean> {
    const { rows: table } = this.keptIn;
    const others = method === null ? '' : 'AND method <> $2';
    const rows = await this.database.query(
      `DELETE FROM ${table} WHERE ctid = ANY(ARRAY(
         SELECT ctid FROM ${table} WHERE dataset_id = $1 ${others} LIMIT 20000)) RETURNING 1 AS one`,
      [datasetId, ...(method === null ? [] : [method])],
    );
    return rows.length > 0;
  }
}

interface Tenanted {
  tenantId: string;
}

import type { Database } from '#database';
import type { Layer } from '../layer.ts';

/** A commit that nothing leads to. */
export interface DeadCommit {
  id: string;
  branchId: string;
  seq: number;
}

/** A commit that something leads to, and what its branch stands on. */
export interface Root {
  branchId: string;
  publishedAt: Date;
  base: Layer[];
}

type Published = DeadCommit & { publishedAt: Date };

/** Branches that let go of their names: nobody writes there. What gates hold back is another matter. */
const NAMELESS = 'SELECT id FROM branches WHERE dataset_id = $1 AND name IS NULL AND NOT holds';
const ROOTS = `SELECT c.branch_id AS "branchId", c.published_at AS "publishedAt", b.base FROM commits c
  JOIN branches b ON b.id = c.branch_id WHERE c.dataset_id = $1 AND c.state = 'published' AND c.id IN`;
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** Looks for commits that nothing leads to, and gives them up. Every method runs in the caller's transaction. */
export class PurgeRepository {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  /** From when those count of which that is not known. */
  async stamp(datasetId: string): Promise<void> {
    const sql = `UPDATE branches SET released_at = now() WHERE released_at IS NULL AND id IN (${NAMELESS})`;
    await this.database.query(sql, [datasetId]);
  }

  /**
   * What must stay with all it stands on: heads of branches that have a name, or had one not long ago; tags; both ends of
   * lineage; and commits that a job is looking at.
   */
  async roots(datasetId: string, minAgeSeconds: number): Promise<Root[]> {
    const named = `SELECT head_commit_id FROM branches WHERE dataset_id = $1
      AND (name IS NOT NULL OR coalesce(released_at, now()) > now() - make_interval(secs => $2))`;
    const kept = `SELECT commit_id FROM tags WHERE dataset_id = $1
      UNION ALL SELECT from_commit_id FROM lineage_edges WHERE from_dataset_id = $1
      UNION ALL SELECT to_commit_id FROM lineage_edges WHERE to_dataset_id = $1`;
    const asked = await this.askedFor();
    return this.database.query<Root>(`${ROOTS} (${named} UNION ALL ${kept} UNION ALL SELECT unnest($3::uuid[]))`, [
      datasetId,
      minAgeSeconds,
      asked,
    ]);
  }

  private async askedFor(): Promise<string[]> {
    const sql = `SELECT parameters::text AS said FROM jobs WHERE state IN ('queued', 'running')`;
    const jobs = await this.database.query<{ said: string }>(sql);
    return [...new Set(jobs.flatMap(({ said }) => said.match(UUID) ?? []))];
  }

  published(datasetId: string): Promise<Published[]> {
    return this.database.query<Published>(
      `SELECT id, branch_id AS "branchId", seq, published_at AS "publishedAt" FROM commits
        WHERE branch_id IN (${NAMELESS}) AND state = 'published'`,
      [datasetId],
    );
  }

  /** Lets nobody begin anything at these before the transaction ends; waits for who is about to. Branches first, as others do. */
  async hold(datasetId: string, dead: readonly DeadCommit[]): Promise<Set<string>> {
    await this.database.query(`${NAMELESS} ORDER BY id FOR NO KEY UPDATE`, [datasetId]);
    const rows = await this.database.query<{ id: string }>(
      `SELECT id FROM commits WHERE id = ANY($1::uuid[]) AND state = 'published' ORDER BY id FOR UPDATE`,
      [dead.map(({ id }) => id)],
    );
    return new Set(rows.map(({ id }) => id));
  }

  /** From here on no ref leads to them, and what was made of them is forgotten. */
  async giveUp(dead: readonly DeadCommit[]): Promise<void> {
    const ids = [dead.map(({ id }) => id)];
    const each = [
      `UPDATE commits SET state = 'abandoned', job_id = NULL WHERE id = ANY($1::uuid[])`,
      `UPDATE branches b SET head_commit_id = last.id
         FROM (SELECT DISTINCT ON (branch_id) branch_id, id FROM commits WHERE state = 'published'
                AND branch_id IN (SELECT branch_id FROM commits WHERE id = ANY($1::uuid[]))
                ORDER BY branch_id, published_at DESC) AS last WHERE b.id = last.branch_id`,
      'DELETE FROM uploaded_files WHERE commit_id = ANY($1::uuid[])',
      'UPDATE uploads SET import_id = NULL, commit_id = NULL WHERE commit_id = ANY($1::uuid[])',
      ...['duplicates d USING duplicate_searches s WHERE d.search_id = s.id AND s', 'duplicate_searches s WHERE s'].map(
        (rows) => `DELETE FROM ${rows}.commit_id = ANY($1::uuid[])`,
      ),
      ...['leaks l USING leakage_reports r WHERE l.report_id = r.id AND r', 'leakage_reports r WHERE r'].map(
        (rows) => `DELETE FROM ${rows}.commit_id = ANY($1::uuid[])`,
      ),
    ];
    for (const sql of each) await this.database.query(sql, ids);
  }

  /** Those that were given up on branches without a name: what is left of them has still to go. */
  givenUp(datasetId: string): Promise<DeadCommit[]> {
    return this.database.query<DeadCommit>(
      `SELECT id, branch_id AS "branchId", seq FROM commits
        WHERE branch_id IN (${NAMELESS}) AND state = 'abandoned' AND job_id IS NULL ORDER BY branch_id, seq`,
      [datasetId],
    );
  }
}

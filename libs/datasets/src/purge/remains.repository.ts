import type { Database } from '#database';
import type { TraceRepository } from '../contents/trace.repository.ts';
import { ON_BRANCH, takeBackRows } from '../rows-of-commits.ts';
import type { DeadCommit } from './purge.repository.ts';

/** Of commits: what would go, and what stays as others need it. */
export interface Remains {
  recordVersions: number;
  segments: number;
  /** Sealed. */
  bytes: number;
  /** Segments in which something lies that is still seen. */
  kept: number;
}

export interface DeadSegments {
  gone: string[];
  bytes: number;
  kept: number;
}

interface Named {
  segment_id: string;
  branch_id: string;
  from_seq: number;
}

const AT_ONCE = 500;

/** What commits leave that were given up: rows, segments, imports. Every method runs in the caller's transaction. */
export class RemainsRepository {
  private readonly database: Database;
  private readonly traces: Pick<TraceRepository, 'forget'>;

  constructor(database: Database, traces: Pick<TraceRepository, 'forget'>) {
    this.database = database;
    this.traces = traces;
  }

  async countRows(branchId: string, seqs: readonly number[]): Promise<number> {
    const sql = `SELECT count(*)::int AS n FROM record_versions WHERE ${ON_BRANCH} AND from_seq = ANY($2::bigint[])`;
    return (await this.database.query<{ n: number }>(sql, [branchId, seqs]))[0]!.n;
  }

  /** Some of the rows that came with these commits; and some that ended with them stand again. @returns how many, of both */
  async takeRows(
    { datasetId, branchId }: { datasetId: string; branchId: string },
    seqs: readonly number[],
    atOnce: number,
  ): Promise<{ gone: number; back: number }> {
    const { gone, back } = await takeBackRows(this.database, branchId, seqs, atOnce);
    await this.traces.forget(
      datasetId,
      gone.map(({ record_id: recordId, leaf }) => ({ recordId, leaf })),
    );
    return { gone: gone.length, back };
  }

  /** Which of the segments that were written for these commits would go. */
  async wouldGo(dead: readonly DeadCommit[]): Promise<DeadSegments> {
    const deadAt = new Set(dead.map(({ branchId, seq }) => `${branchId} ${seq}`));
    const total: DeadSegments = { gone: [], bytes: 0, kept: 0 };
    for (let after: string | null = null; ;) {
      const some: { id: string; sealed_bytes: number }[] = await this.segments(dead, after, '');
      const alive = new Set<string>();
      for (const { segment_id, branch_id, from_seq } of await this.namers(some.map(({ id }) => id))) {
        if (!deadAt.has(`${branch_id} ${from_seq}`)) alive.add(segment_id);
      }
      for (const { id, sealed_bytes: bytes } of some) {
        if (alive.has(id)) total.kept += 1;
        else {
          total.gone.push(id);
          total.bytes += bytes;
        }
      }
      if (some.length < AT_ONCE) return total;
      after = some.at(-1)!.id;
    }
  }

  /**
   * Destroys the keys of some segments that were written for these commits and that no row names any more. Those that are
   * named belong to a commit that does. Null when there are no more.
   */
  async takeSegments(dead: readonly DeadCommit[]): Promise<DeadSegments | null> {
    const some = await this.segments(dead, null, 'FOR UPDATE');
    if (some.length === 0) return null;
    const ids = some.map(({ id }) => id);
    const kept = await this.database.query<{ id: string }>(
      `UPDATE segments s SET commit_id = n.commit_id FROM (
         SELECT DISTINCT ON (v.segment_id) v.segment_id, c.id AS commit_id FROM record_versions v
           JOIN commits c ON c.branch_id = v.branch_id AND c.seq = v.from_seq
          WHERE v.segment_id = ANY($1::uuid[]) ORDER BY v.segment_id, c.id) AS n
        WHERE s.id = n.segment_id RETURNING s.id`,
      [ids],
    );
    const stay = new Set(kept.map(({ id }) => id));
    const gone = some.filter(({ id }) => !stay.has(id));
    const names = gone.map(({ id }) => id);
    await this.database.query('DELETE FROM segments WHERE id = ANY($1::uuid[])', [names]);
    return { gone: names, bytes: gone.reduce((sum, each) => sum + each.sealed_bytes, 0), kept: stay.size };
  }

  /** The commits themselves, with the imports that made them; and their branches, where nothing is left of those. */
  async takeCommits(dead: readonly DeadCommit[]): Promise<void> {
    const ids = [dead.map(({ id }) => id)];
    const imports = 'SELECT id FROM imports WHERE commit_id = ANY($1::uuid[])';
    await this.database.query(`DELETE FROM import_errors WHERE import_id IN (${imports})`, ids);
    await this.database.query('DELETE FROM imports WHERE commit_id = ANY($1::uuid[])', ids);
    await this.database.query(`DELETE FROM commits WHERE id = ANY($1::uuid[]) AND state = 'abandoned'`, ids);
  }

  /** Branches without a name of which nothing is left, and that no other stands on: the uppermost ones. */
  async takeBranches(datasetId: string, minAgeSeconds: number): Promise<number> {
    const gone = await this.database.query(
      `DELETE FROM branches b WHERE dataset_id = $1 AND name IS NULL AND NOT holds
          AND released_at <= now() - make_interval(secs => $2)
          AND NOT EXISTS (SELECT FROM commits c WHERE c.branch_id = b.id)
          AND NOT EXISTS (SELECT FROM branches o WHERE o.dataset_id = $1 AND o.id <> b.id
            AND o.base @> jsonb_build_array(jsonb_build_object('branchId', b.id))) RETURNING 1 AS one`,
      [datasetId, minAgeSeconds],
    );
    return gone.length;
  }

  private segments(
    dead: readonly DeadCommit[],
    after: string | null,
    lock: '' | 'FOR UPDATE',
  ): Promise<{ id: string; sealed_bytes: number }[]> {
    return this.database.query(
      `SELECT id, sealed_bytes FROM segments WHERE commit_id = ANY($1::uuid[]) AND ($2::uuid IS NULL OR id > $2)
        ORDER BY id LIMIT ${AT_ONCE} ${lock}`,
      [dead.map(({ id }) => id), after],
    );
  }

  private namers(ids: readonly string[]): Promise<Named[]> {
    const sql = `SELECT DISTINCT segment_id, branch_id, from_seq FROM record_versions WHERE segment_id = ANY($1::uuid[])`;
    return this.database.query<Named>(sql, [ids]);
  }
}

import type { Database } from '#database';

/** Rows of the branch $1, found by an index over that together with the seqs they came or ended with. */
export const ON_BRANCH = 'uuid_hash(branch_id) = uuid_hash($1) AND branch_id = $1';

/** A row that was taken away. */
export interface GoneRow {
  record_id: string;
  from_seq: number;
  dataset_id: string;
  leaf: Buffer;
}

/**
 * Takes away some of the rows that came with commits of a branch, and gives back some of those that ended with them, as if
 * the commits had never been. In the caller's transaction, which holds the branch.
 *
 * @returns what is gone, and how many stand again: nothing of both when there is no more
 */
export async function takeBackRows(
  database: Pick<Database, 'query'>,
  branchId: string,
  seqs: readonly number[],
  atOnce: number,
): Promise<{ gone: GoneRow[]; back: number }> {
  const some = (column: string): string =>
    `ARRAY(SELECT ctid FROM record_versions WHERE ${ON_BRANCH} AND ${column} = ANY($2::bigint[]) LIMIT ${atOnce})`;
  const gone = await database.query<GoneRow>(
    `DELETE FROM record_versions WHERE ctid = ANY(${some('from_seq')}) RETURNING record_id, from_seq, dataset_id, leaf`,
    [branchId, seqs],
  );
  // OFFSET 0: they are looked up by key, whatever the planner thinks of their number.
  await database.query(
    `DELETE FROM findings WHERE ctid = ANY(ARRAY(
       SELECT f.place FROM unnest($2::uuid[], $3::bigint[]) AS k (id, seq) CROSS JOIN LATERAL (
         SELECT ctid AS place FROM findings WHERE branch_id = $1 AND record_id = k.id AND from_seq = k.seq OFFSET 0) AS f))`,
    [branchId, gone.map((row) => row.record_id), gone.map((row) => row.from_seq)],
  );
  const back = await database.query(
    `UPDATE record_versions SET to_seq = NULL WHERE ctid = ANY(${some('to_seq')}) RETURNING 1 AS one`,
    [branchId, seqs],
  );
  return { gone, back: back.length };
}

import type { Database } from '#database';

/**
 * Asks for the next rows that a commit wrote, in the order of record ids, in the caller's transaction.
 *
 * @param ask is given the condition on `v` which `$1`, the branch, and `$2`, the seq, belong to
 * @param after null for the first page
 */
export async function writtenPage<T>(
  database: Database,
  after: string | null,
  ask: (written: string) => Promise<T>,
): Promise<T> {
  const written = 'v.branch_id = $1 AND v.from_seq = $2 AND v.segment_id IS NOT NULL';
  // A commit of many rows is one of many rows of the branch, and those have an order; others are found by their seq.
  if (after === null) return ask(`uuid_hash(v.branch_id) = uuid_hash($1::uuid) AND ${written}`);
  await database.query('SET LOCAL enable_sort = off');
  const answer = await ask(written);
  await database.query('SET LOCAL enable_sort = on');
  return answer;
}

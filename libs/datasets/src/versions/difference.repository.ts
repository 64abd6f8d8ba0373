import type { Database } from '#database';
import { type Layer, SqlParameters } from '../layers.ts';

/** Looks for what two commits may see differently. Every method runs in the caller's transaction. */
export class DifferenceRepository {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  /**
   * Records that something was written of between two commits, by id: all that differ, and some that came to be the same
   * again. What both have in common is not looked at, so it costs what was written, and not what is there.
   */
  async touched(from: readonly Layer[], to: readonly Layer[], limit: number, after: string | null): Promise<string[]> {
    const parameters = new SqlParameters();
    const later = after ? `AND record_id > ${parameters.add(after, 'uuid')}` : '';
    const parts = branchesOf(from, to).flatMap(([a, b]) => writtenBetween(a, b, later, parameters));
    if (parts.length === 0) return [];
    const rows = await this.database.query<{ record_id: string }>(
      `SELECT record_id FROM (${parts.join(' UNION ')}) AS written ORDER BY record_id LIMIT ${parameters.add(limit)}`,
      parameters.values,
    );
    return rows.map(({ record_id }) => record_id);
  }
}

type Sides = [Layer | undefined, Layer | undefined];

/** Each branch that one of the two stands on, as the one and as the other sees it. */
function branchesOf(from: readonly Layer[], to: readonly Layer[]): Sides[] {
  const ids = new Set([...from, ...to].map(({ branchId }) => branchId));
  const of = (layers: readonly Layer[], id: string): Layer | undefined =>
    layers.find(({ branchId }) => branchId === id);
  return [...ids].map((id) => [of(from, id), of(to, id)]);
}

function writtenBetween(
  a: Layer | undefined,
  b: Layer | undefined,
  later: string,
  parameters: SqlParameters,
): string[] {
  if (a && b && a.visible === b.visible && String(a.hidden) === String(b.hidden)) return [];
  const branch = parameters.add((a ?? b)!.branchId, 'uuid');
  const first = parameters.add(a && b ? Math.min(a.visible, b.visible) : -1, 'bigint');
  const last = parameters.add(Math.max(a?.visible ?? 0, b?.visible ?? 0), 'bigint');
  const unseen = [a, b].map((layer) => layer?.hidden ?? []);
  // Published after the one and part of the other: it was passed over then. What neither has seen, neither differs by.
  const late = a && b ? unseen[0]!.concat(unseen[1]!) : [];
  const never = unseen.flat().filter((seq) => !isSeen(a, seq) && !isSeen(b, seq));
  const among = late.length > 0 ? parameters.add(late, 'bigint[]') : null;
  const not = never.length > 0 ? parameters.add(never, 'bigint[]') : null;
  return ['from_seq', 'to_seq'].flatMap((column) => {
    const select = `SELECT record_id FROM record_versions
      WHERE uuid_hash(branch_id) = uuid_hash(${branch}) AND branch_id = ${branch} ${later}
      ${not ? `AND NOT (from_seq = ANY(${not})) AND NOT (${column} = ANY(${not}))` : ''} AND ${column}`;
    return [`${select} > ${first} AND ${column} <= ${last}`, ...(among ? [`${select} = ANY(${among})`] : [])];
  });
}

function isSeen(layer: Layer | undefined, seq: number): boolean {
  return layer !== undefined && seq <= layer.visible && !layer.hidden.includes(seq);
}

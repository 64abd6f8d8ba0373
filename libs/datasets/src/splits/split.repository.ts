import type { Database } from '#database';
import { type Layer, SqlParameters, topRow } from '../layers.ts';
import type { BranchPlace } from '../writes/change.repository.ts';
import type { Move } from './split.plan.ts';

const KEPT = `segment_id, block, position, bytes, risk, leaf, external_id, labels, source, license, language, metadata`;
const FOUND = `ordinal, type, risk, path, start_offset, end_offset, confidence, detector, rule_version, subject`;

/** Puts records into splits where they lie; every method runs in the caller's transaction, which holds the branch. */
export class SplitRepository {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  /**
   * New versions of records, like those that are seen through the layers but for the split, for those that still are what
   * was looked at. Gives their leaves and their splits, in the order of record ids.
   */
  move(
    { tenantId, datasetId, branchId }: BranchPlace,
    seq: number,
    layers: readonly Layer[],
    moves: readonly Move[],
  ): Promise<{ record_id: string; leaf: Buffer; before: string | null; next: string }[]> {
    const parameters = new SqlParameters();
    const seen = toMove(layers, moves, parameters);
    const place = [tenantId, datasetId, branchId].map((id) => parameters.add(id, 'uuid')).join(', ');
    const from = parameters.add(seq, 'bigint');
    // OFFSET 0: findings are looked up by key, whatever the planner thinks of their number.
    return this.database.query(
      `WITH seen AS MATERIALIZED (${seen}),
       put AS (
         INSERT INTO record_versions (tenant_id, dataset_id, branch_id, record_id, from_seq, split, ${KEPT})
         SELECT ${place}, s.record_id, ${from}, s.next, ${of('s', KEPT)} FROM seen s),
       told AS (
         INSERT INTO findings (tenant_id, dataset_id, branch_id, record_id, from_seq, ${FOUND})
         SELECT ${place}, s.record_id, ${from}, ${of('f', FOUND)} FROM seen s CROSS JOIN LATERAL (
           SELECT * FROM findings f WHERE f.branch_id = s.branch_id AND f.record_id = s.record_id
             AND f.from_seq = s.from_seq OFFSET 0) AS f
          WHERE s.risk > 0)
       SELECT record_id, leaf, split AS before, next FROM seen ORDER BY record_id`,
      parameters.values,
    );
  }
}

/** SELECT of those that are what was looked at, and not where they are to be; `next` says where that is. */
function toMove(layers: readonly Layer[], moves: readonly Move[], parameters: SqlParameters): string {
  const ids = moves.map(({ recordId }) => recordId);
  const leaves = moves.map(({ leaf }) => leaf);
  const splits = moves.map(({ split }) => split);
  const wanted = [parameters.add(ids, 'uuid[]'), parameters.add(leaves, 'text[]'), parameters.add(splits, 'text[]')];
  return `SELECT top.*, wanted.split AS next FROM unnest(${wanted.join(', ')}) AS wanted (id, leaf, split)
    CROSS JOIN LATERAL (${topRow(layers, parameters)}) AS top
    WHERE top.segment_id IS NOT NULL AND top.leaf = decode(wanted.leaf, 'hex') AND top.split IS DISTINCT FROM wanted.split`;
}

function of(alias: string, columns: string): string {
  return columns.replaceAll(/\w+/g, `${alias}.$&`);
}

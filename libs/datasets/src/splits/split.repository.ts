import type { Database } from '#database';
import { type Layer, SqlParameters, topRow } from '../layers.ts';
import type { StagedCommit } from '../commit.writer.ts';
import { ON_BRANCH, takeBackRows } from '../rows-of-commits.ts';
import type { Move } from './split.plan.ts';

const KEPT = `segment_id, block, position, bytes, risk, leaf, external_id, labels, source, license, language, metadata`;
const FOUND = `ordinal, type, risk, path, start_offset, end_offset, confidence, detector, rule_version, subject`;

/** A record that was put into another split. */
export interface Moved {
  record_id: string;
  leaf: Buffer;
  before: string | null;
  next: string;
}

type Place = Pick<StagedCommit, 'tenantId' | 'datasetId' | 'branchId' | 'seq'>;

/**
 * Puts records into splits where they lie, under a commit that nobody sees yet: whoever reads passes over what it puts and
 * what it ends, and whoever writes meanwhile ends both. Every method runs in the caller's transaction, which holds the branch.
 */
export class SplitRepository {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  /**
   * New versions of records, like those that are seen through the layers but for the split, for those that still are what
   * was looked at; and the end of those. Gives their leaves and their splits, in the order of record ids.
   */
  move(place: Place, layers: readonly Layer[], moves: readonly Move[]): Promise<Moved[]> {
    const parameters = new SqlParameters();
    const seen = toMove(layers, moves, parameters);
    const ids = [place.tenantId, place.datasetId, place.branchId].map((id) => parameters.add(id, 'uuid'));
    const at = ids.join(', ');
    const from = parameters.add(place.seq, 'bigint');
    // OFFSET 0: findings and rows are looked up by key, whatever the planner thinks of their number.
    return this.database.query(
      `WITH seen AS MATERIALIZED (${seen}),
       put AS (
         INSERT INTO record_versions (tenant_id, dataset_id, branch_id, record_id, from_seq, split, ${KEPT})
         SELECT ${at}, s.record_id, ${from}, s.next, ${of('s', KEPT)} FROM seen s),
       told AS (
         INSERT INTO findings (tenant_id, dataset_id, branch_id, record_id, from_seq, ${FOUND})
         SELECT ${at}, s.record_id, ${from}, ${of('f', FOUND)} FROM seen s CROSS JOIN LATERAL (
           SELECT * FROM findings f WHERE f.branch_id = s.branch_id AND f.record_id = s.record_id
             AND f.from_seq = s.from_seq OFFSET 0) AS f
          WHERE s.risk > 0),
       ended AS (
         UPDATE record_versions v SET to_seq = ${from} FROM (
           SELECT r.ctid AS place FROM seen s CROSS JOIN LATERAL (
             SELECT ctid FROM record_versions WHERE branch_id = s.branch_id AND record_id = s.record_id
               AND from_seq = s.from_seq OFFSET 0) AS r
            WHERE s.branch_id = ${ids[2]!}) AS e
          WHERE v.ctid = e.place)
       SELECT record_id, leaf, split AS before, next FROM seen ORDER BY record_id`,
      parameters.values,
    );
  }

  /**
   * Takes away what was put here and ended by others since, and gives its records. What these had before ends where the others
   * say, also where a server of the release before, which looks at nothing that has an end, wrote it.
   */
  async settle({ branchId, seq }: Pick<Place, 'branchId' | 'seq'>): Promise<string[]> {
    const overtaken = await this.database.query<{ record_id: string; to_seq: number }>(
      `DELETE FROM record_versions WHERE ${ON_BRANCH} AND from_seq = $2 AND to_seq > $2 RETURNING record_id, to_seq`,
      [branchId, seq],
    );
    const ids = overtaken.map(({ record_id: id }) => id);
    if (ids.length === 0) return [];
    await this.database.query(
      'DELETE FROM findings WHERE branch_id = $1 AND record_id = ANY($2::uuid[]) AND from_seq = $3',
      [branchId, ids, seq],
    );
    await this.database.query(
      `UPDATE record_versions v SET to_seq = o.seq FROM unnest($2::uuid[], $3::bigint[]) AS o (id, seq)
        WHERE v.branch_id = $1 AND v.record_id = o.id AND v.to_seq = $4`,
      [branchId, ids, overtaken.map(({ to_seq: to }) => to), seq],
    );
    return ids;
  }

  /** Takes away some of what was put here, and gives back some of what was ended. False when nothing is left of either. */
  async takeBack({ branchId, seq }: Pick<Place, 'branchId' | 'seq'>, atOnce: number): Promise<boolean> {
    const { gone, back } = await takeBackRows(this.database, branchId, [seq], atOnce);
    return gone.length + back > 0;
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

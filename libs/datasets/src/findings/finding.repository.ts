import type { Database } from '#database';
import { type Layer, recordRows, SqlParameters, visibleRows } from '../layers.ts';
import { FindingDecision, type DecisionKind } from './finding-decision.entity.ts';
import type { FindingKey } from './finding-key.ts';

export const STATUSES = ['open', 'accepted', 'false_positive'] as const;
export type FindingStatus = (typeof STATUSES)[number];

export interface FindingFilter {
  type?: string;
  /** Index into `RISKS`: this one or higher. */
  minRisk?: number;
  status?: FindingStatus;
}

/** A place in a list that is ordered by record, and in it by finding. */
export interface FindingPlace {
  recordId: string;
  ordinal: number;
}

/** A finding as its statement gives it, with what was said of it; its seq is a number. */
export interface FoundRow {
  dataset_id: string;
  branch_id: string;
  record_id: string;
  from_seq: number;
  ordinal: number;
  type: string;
  risk: number;
  path: string;
  start_offset: number;
  end_offset: number;
  confidence: number;
  detector: string;
  rule_version: number;
  leaf: Buffer;
  decision: DecisionKind | null;
  reason: string | null;
  expires_at: Date | null;
  decided_by: string | null;
  decided_at: Date | null;
  version: number | null;
}

/** A finding in a record at which one was decided to be none. */
export interface Judged {
  record_id: string;
  type: string;
  risk: number;
  record_risk: number;
  is_false: boolean;
}

const OF = (alias: string): string =>
  `f.branch_id = ${alias}.branch_id AND f.record_id = ${alias}.record_id AND f.from_seq = ${alias}.from_seq`;
/** What was said of a finding in the content of a version, as long as it holds. */
const DECIDED = (alias: string): string =>
  `LEFT JOIN finding_decisions d ON d.record_id = f.record_id AND d.leaf = ${alias}.leaf AND d.ordinal = f.ordinal
    AND (d.expires_at IS NULL OR d.expires_at > now())`;
const IS: Record<FindingStatus, string> = {
  open: 'd.decision IS NULL',
  accepted: `d.decision = 'accept'`,
  false_positive: `d.decision = 'false_positive'`,
};
const COLUMNS = `f.*, v.leaf, d.decision, d.reason, d.expires_at, d.decided_by, d.decided_at, d.version`;

/** Findings with what was said of them; every method runs in the caller's transaction. */
export class FindingRepository {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  /**
   * Those visible through the layers, in the order of records. `OFFSET 0` has each record asked for its findings by key, in
   * the order of the key: the planner, which may know nothing of the tables yet, would rather read and sort all of them.
   */
  async page(
    layers: readonly Layer[],
    limit: number,
    after: FindingPlace | null,
    filter: FindingFilter,
  ): Promise<FoundRow[]> {
    const parameters = new SqlParameters();
    const wanted = [...conditionsOf(filter, after, parameters), 'true'].join(' AND ');
    const later = after ? parameters.add(after.recordId, 'uuid') : null;
    const of = (alias: string): string => `FROM findings f ${DECIDED(alias)} WHERE ${OF(alias)} AND ${wanted} OFFSET 0`;
    // The risk of a record is the highest of its findings: most need not be asked.
    const risk = filter.minRisk === undefined ? null : parameters.add(filter.minRisk, 'int');
    const where = (alias: string): string =>
      `${later ? `${alias}.record_id >= ${later} AND ` : ''}${risk ? `${alias}.risk >= ${risk} AND ` : ''}
        EXISTS (SELECT ${of(alias)})`;
    const versions = visibleRows(layers, parameters, { where, limit });
    const sql = `SELECT found.* FROM (${versions}) AS v CROSS JOIN LATERAL (SELECT ${COLUMNS} ${of('v')}) AS found
      ORDER BY found.record_id, found.ordinal LIMIT ${parameters.add(limit)}`;
    await this.database.query('SET LOCAL enable_sort = off');
    const rows = await this.database.query<FoundRow>(sql, parameters.values);
    await this.database.query('SET LOCAL enable_sort = on');
    return rows;
  }

  /** Null where there is none, or where its commit is not published. */
  async find({ branchId, recordId, fromSeq, ordinal }: FindingKey): Promise<FoundRow | null> {
    const [row] = await this.database.query<FoundRow>(
      `SELECT ${COLUMNS} FROM record_versions v
         JOIN commits c ON c.branch_id = v.branch_id AND c.seq = v.from_seq AND c.state = 'published'
         JOIN findings f ON ${OF('v')} ${DECIDED('v')}
        WHERE v.branch_id = $1 AND v.record_id = $2 AND v.from_seq = $3 AND f.ordinal = $4`,
      [branchId, recordId, fromSeq, ordinal],
    );
    return row ?? null;
  }

  /** What was said of a finding, locked; also what no longer holds. */
  async decision({ record_id: recordId, leaf, ordinal }: FoundRow): Promise<FindingDecision | null> {
    return this.database
      .repository(FindingDecision)
      .createQueryBuilder('decision')
      .setLock('pessimistic_write')
      .where('decision.recordId = :recordId AND decision.leaf = :leaf AND decision.ordinal = :ordinal', {
        recordId,
        leaf,
        ordinal,
      })
      .getOne();
  }

  async save(decision: Omit<FindingDecision, 'decidedAt'>): Promise<void> {
    const row = { ...decision, decidedAt: () => 'now()' };
    await this.database.repository(FindingDecision).upsert(row as never, ['recordId', 'leaf', 'ordinal']);
  }

  /** Every finding of the records, as they are seen through the layers, in which one was decided to be none. */
  async judged(datasetId: string, layers: readonly Layer[]): Promise<Judged[]> {
    const ids = await this.database.query<{ id: string }>(
      `SELECT DISTINCT record_id AS id FROM finding_decisions d WHERE dataset_id = $1 AND ${IS.false_positive}
         AND (expires_at IS NULL OR expires_at > now())`,
      [datasetId],
    );
    if (ids.length === 0) return [];
    const parameters = new SqlParameters();
    const versions = recordRows(
      layers,
      parameters,
      ids.map(({ id }) => id),
    );
    return this.database.query<Judged>(
      `SELECT f.record_id, f.type, f.risk, v.risk AS record_risk, coalesce(${IS.false_positive}, false) AS is_false
         FROM (${versions}) AS v JOIN findings f ON ${OF('v')} ${DECIDED('v')}`,
      parameters.values,
    );
  }
}

function conditionsOf(
  { type, minRisk, status }: FindingFilter,
  after: FindingPlace | null,
  parameters: SqlParameters,
): string[] {
  return [
    ...(type === undefined ? [] : [`f.type = ${parameters.add(type, 'text')}`]),
    ...(minRisk === undefined ? [] : [`f.risk >= ${parameters.add(minRisk, 'int')}`]),
    ...(status === undefined ? [] : [IS[status]]),
    ...(after
      ? [
          `(f.record_id, f.ordinal) > (${parameters.add(after.recordId, 'uuid')}, ${parameters.add(after.ordinal, 'int')})`,
        ]
      : []),
  ];
}

import type { Database } from '#database';
import type { Commit } from '../commit.entity.ts';
import { type Layer, SqlParameters, visibleRows } from '../layers.ts';
import { MOST_SPLITS } from '../statistics.ts';
import { type Attributes, attributesOf } from '../writes/attributes.ts';
import { keysOf, type VersionKey, versionOf, type VersionRow } from '../version-row.ts';
import { ATTRIBUTES, type Found, type Gate, SHOWN } from './gate.ts';

/** What one commit wrote. */
export interface Written {
  branchId: string;
  seq: number;
}

/** What a commit is to be put on. */
export interface Onto {
  datasetId: string;
  /** Null once its name was given up. */
  branch: string | null;
  /** Its head. */
  commit: Commit;
  layers: readonly Layer[];
}

/** A commit as gates look at it. */
export interface JudgedCommit extends Written {
  id: string;
  datasetId: string;
  /** Where it only says something else of records, and they say what they said. */
  sameContents?: true;
}

export interface Counted extends Found {
  count: number;
}

export interface Placed extends Found {
  recordId: string;
  path: string;
}

/** Rows that one commit wrote, or those of any that one would take over. */
export type Looked = Written | readonly VersionKey[];

const NOT_ACCEPTED = `AND NOT EXISTS (SELECT FROM finding_decisions d
  WHERE d.record_id = v.record_id AND d.leaf = v.leaf AND d.ordinal = f.ordinal
    AND (d.expires_at IS NULL OR d.expires_at > now()))`;

/** Their findings that nobody accepted. */
function openIn(looked: Looked): { rows: string; values: unknown[] } {
  if ('seq' in looked) {
    return {
      rows: `FROM record_versions v JOIN findings f USING (branch_id, record_id, from_seq)
        WHERE uuid_hash(v.branch_id) = uuid_hash($1::uuid) AND v.branch_id = $1::uuid AND v.from_seq = $2 ${NOT_ACCEPTED}`,
      values: [looked.branchId, looked.seq],
    };
  }
  return {
    rows: `FROM unnest($1::uuid[], $2::uuid[], $3::bigint[]) AS k (branch_id, record_id, from_seq)
      JOIN findings f USING (branch_id, record_id, from_seq) JOIN record_versions v USING (branch_id, record_id, from_seq)
      WHERE true ${NOT_ACCEPTED}`,
    values: keysOf(looked),
  };
}

/** Looks at the difference that a commit makes, and at nothing else. Every method runs in the caller's transaction. */
export class GateRepository {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  counts(looked: Looked): Promise<Counted[]> {
    const { rows, values } = openIn(looked);
    return this.database.query<Counted>(`SELECT f.type, f.risk, count(*)::int AS count ${rows} GROUP BY 1, 2`, values);
  }

  /** The first findings of these kinds. */
  places(looked: Looked, kinds: readonly Found[]): Promise<Placed[]> {
    const { rows, values } = openIn(looked);
    const types = `$${values.push(kinds.map(({ type }) => type))}::text[]`;
    const risks = `$${values.push(kinds.map(({ risk }) => risk))}::int[]`;
    return this.database.query<Placed>(
      `SELECT v.record_id AS "recordId", f.type, f.risk, f.path ${rows}
          AND (f.type, f.risk::int) IN (SELECT * FROM unnest(${types}, ${risks}))
        ORDER BY v.record_id, f.ordinal LIMIT ${SHOWN}`,
      values,
    );
  }

  /** The first records of which not everything is said that the gates ask for. */
  async poor({ branchId, seq }: Written, gates: readonly Gate[]): Promise<(Attributes & { recordId: string })[]> {
    const values: unknown[] = [branchId, seq];
    const asked = gates.flatMap(({ fields, licenses }) => [
      ...fields.map((field) => {
        if (Object.hasOwn(ATTRIBUTES, field)) return `${field} IS NULL`;
        return `NOT coalesce(jsonb_exists(metadata, $${values.push(field.slice('metadata.'.length))}), false)`;
      }),
      ...(licenses ? [`NOT coalesce(license = ANY($${values.push(licenses)}::text[]), false)`] : []),
    ]);
    if (asked.length === 0) return [];
    const rows = await this.database.query<VersionRow>(
      `SELECT * FROM record_versions
        WHERE uuid_hash(branch_id) = uuid_hash($1::uuid) AND branch_id = $1::uuid AND from_seq = $2
          AND segment_id IS NOT NULL AND (${asked.join(' OR ')})
        ORDER BY record_id LIMIT ${SHOWN}`,
      values,
    );
    return rows.map((row) => {
      const version = versionOf(row);
      return { recordId: version.recordId, ...attributesOf(version) };
    });
  }

  /** How many records are seen in each split; null where there are too many splits. */
  async splits(layers: readonly Layer[]): Promise<Map<string, number> | null> {
    const parameters = new SqlParameters();
    const rows = visibleRows(layers, parameters, { where: (alias) => `${alias}.split IS NOT NULL` });
    const counts = await this.database.query<{ split: string; n: number }>(
      `SELECT split, count(*)::int AS n FROM (${rows}) AS seen GROUP BY 1 LIMIT ${MOST_SPLITS + 1}`,
      parameters.values,
    );
    return counts.length > MOST_SPLITS ? null : new Map(counts.map(({ split, n }) => [split, n]));
  }

  async keepSplits(commitId: string, counts: Record<string, number>): Promise<void> {
    const sql = `UPDATE commits SET statistics = jsonb_set(statistics, '{recordsBySplit}', $2) WHERE id = $1`;
    await this.database.query(sql, [commitId, JSON.stringify(counts)]);
  }

  async keep(commitId: string, verdicts: readonly object[]): Promise<void> {
    const sql = 'UPDATE commits SET gates = $2 WHERE id = $1';
    await this.database.query(sql, [commitId, JSON.stringify(verdicts)]);
  }
}

import type { Database } from '#database';
import { type Attributes, attributesOf } from '../writes/attributes.ts';
import { versionOf, type VersionRow } from '../version-row.ts';
import { ATTRIBUTES, type Found, type Gate, SHOWN } from './gate.ts';

/** What one commit wrote. */
export interface Written {
  branchId: string;
  seq: number;
}

export interface Counted extends Found {
  count: number;
}

export interface Placed extends Found {
  recordId: string;
  path: string;
}

/** Findings of what a commit wrote that nobody accepted. */
const OPEN = `FROM record_versions v JOIN findings f USING (branch_id, record_id, from_seq)
  WHERE uuid_hash(v.branch_id) = uuid_hash($1::uuid) AND v.branch_id = $1::uuid AND v.from_seq = $2
    AND NOT EXISTS (SELECT FROM finding_decisions d
      WHERE d.record_id = v.record_id AND d.leaf = v.leaf AND d.ordinal = f.ordinal
        AND (d.expires_at IS NULL OR d.expires_at > now()))`;

/** Looks at the difference that a commit makes, and at nothing else. Every method runs in the caller's transaction. */
export class GateRepository {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  counts({ branchId, seq }: Written): Promise<Counted[]> {
    return this.database.query<Counted>(`SELECT f.type, f.risk, count(*)::int AS count ${OPEN} GROUP BY 1, 2`, [
      branchId,
      seq,
    ]);
  }

  /** The first findings of these kinds. */
  places({ branchId, seq }: Written, kinds: readonly Found[]): Promise<Placed[]> {
    return this.database.query<Placed>(
      `SELECT v.record_id AS "recordId", f.type, f.risk, f.path ${OPEN}
          AND (f.type, f.risk::int) IN (SELECT * FROM unnest($3::text[], $4::int[]))
        ORDER BY v.record_id, f.ordinal LIMIT ${SHOWN}`,
      [branchId, seq, kinds.map(({ type }) => type), kinds.map(({ risk }) => risk)],
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

  async keep(commitId: string, verdicts: readonly object[]): Promise<void> {
    const sql = 'UPDATE commits SET gates = $2 WHERE id = $1';
    await this.database.query(sql, [commitId, JSON.stringify(verdicts)]);
  }
}

import type { Database } from '#database';
import type { Principal } from '#kernel';
import { type Gate, isHeld, type Verdict } from '../gates/gate.ts';
import type { Counted } from '../gates/gate.repository.ts';
import type { StoredVersion } from '../record-version.entity.ts';
import { keysOf } from '../version-row.ts';

const OF = `FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bytea[]) AS k (branch_id, record_id, from_seq, leaf)
  JOIN findings f USING (branch_id, record_id, from_seq)`;

/** What was found in records that somebody releases. */
export class ReleasedFindings {
  constructor(private readonly database: Database) {}

  /**
   * Has what holds these back accepted, as anybody's decision on a finding is: the same content passes from then on, also
   * when it is merged, or put into a split. In the caller's transaction. Gives what that is about.
   */
  async accept(
    caller: Principal,
    versions: readonly StoredVersion[],
    gates: readonly Gate[],
    reason: string,
  ): Promise<NonNullable<Verdict['allowed']>> {
    const rows = [...keysOf(versions), versions.map(({ leaf }) => leaf)];
    const found = await this.database.query<Counted>(
      `SELECT f.type, f.risk, count(*)::int AS count ${OF} GROUP BY 1, 2 ORDER BY 1, 2`,
      rows,
    );
    const now = new Date();
    const held = found.filter((each) => isHeld(gates, [each], now));
    if (held.length === 0) return [];
    const kinds = [held.map(({ type }) => type), held.map(({ risk }) => risk)];
    await this.database.query(
      `INSERT INTO finding_decisions (tenant_id, dataset_id, record_id, leaf, ordinal, decision, reason, version, decided_by)
       SELECT f.tenant_id, f.dataset_id, f.record_id, k.leaf, f.ordinal, 'accept', $7, 1, $8 ${OF}
        WHERE (f.type, f.risk::int) IN (SELECT * FROM unnest($5::text[], $6::int[]))
       ON CONFLICT (record_id, leaf, ordinal) DO NOTHING`,
      [...rows, ...kinds, reason, caller.id],
    );
    return held.map(({ type, count }) => ({ type, findings: count, reason }));
  }
}

/** One thing that is wrong, by the ids of what it is about. */
export interface Damage {
  kind:
    | 'object-missing'
    | 'object-of-wrong-size'
    | 'segment-does-not-open'
    | 'segment-row-missing'
    | 'record-does-not-match'
    | 'root-does-not-match'
    | 'commit-does-not-match'
    | 'audit-not-intact';
  /** A segment, a record or a commit; of the audit the tenant. */
  id: string;
  tenant: string;
  detail: string;
}

export interface VerificationReport {
  ok: boolean;
  deep: boolean;
  tenants: number;
  segments: number;
  objects: number;
  records: number;
  commits: number;
  audit_entries: number;
  damage: Damage[];
  /** Objects that no row names, and that are too old to belong to a write under way. Nothing is lost by them. */
  orphans: string[];
}

/** More would help nobody; the count goes on. */
const MOST = 10_000;

/** What was found so far. */
export class Findings {
  readonly damage: Damage[] = [];
  count = 0;

  add(damage: Damage): void {
    this.count += 1;
    if (this.damage.length < MOST) this.damage.push(damage);
  }
}

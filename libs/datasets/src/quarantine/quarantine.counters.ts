/** What becomes of records that gates hold back. */
export const QUARANTINE_OUTCOMES = ['held', 'released', 'discarded'] as const;
export type Outcome = (typeof QUARANTINE_OUTCOMES)[number];

/** Port. Counts for the metrics. */
export abstract class QuarantineCounters {
  /** Called once the transaction is through that did it. */
  abstract counted(outcome: Outcome, records: number): void;
}

import { setImmediate as breath } from 'node:timers/promises';
import type { FoundInCommon } from './leak.finder.ts';
import type { FoundLeak } from './leak.repository.ts';

/** Pairs that are kept; beyond them they are only counted. */
const MOST_LISTED = 100_000;
const AT_ONCE = 5000;

/** Of the records of one split: how many have something in common with one of another. */
export interface LeakCounts {
  split: string | null;
  other_split: string | null;
  exact: number;
  near: number;
  key: number;
}

/** What came of a search, in the words of splits. */
export class LeakReport {
  readonly listed: FoundLeak[] = [];
  readonly #counts = new Map<string, LeakCounts>();

  /** @param sides what the splits of each side are called; null where that is of no interest */
  static async of({ records, keys }: FoundInCommon, sides: readonly (string | null)[]): Promise<LeakReport> {
    const report = new LeakReport();
    for (const { at, other, ...place } of places(records, sides)) {
      if (at % AT_ONCE === 0) await breath();
      const exact = records.exact(at, other);
      const near = exact === undefined ? records.near(at, other) : undefined;
      if (exact !== undefined) report.add({ ...place, otherId: records.ids[exact]!, kind: 'exact', similarity: 1 });
      if (near) report.add({ ...place, otherId: records.ids[near.other]!, kind: 'near', similarity: near.similarity });
    }
    if (!keys) return report;
    for (const { at, other, ...place } of places(keys, sides)) {
      if (at % AT_ONCE === 0) await breath();
      const otherId = keys.other(at, other);
      if (otherId !== undefined) report.add({ ...place, otherId, kind: 'key', similarity: null });
    }
    return report;
  }

  get counts(): LeakCounts[] {
    return [...this.#counts.values()];
  }

  private add(leak: FoundLeak): void {
    const { split, otherSplit, kind } = leak;
    const name = JSON.stringify([split, otherSplit]);
    const counts = this.#counts.get(name) ?? { split, other_split: otherSplit, exact: 0, near: 0, key: 0 };
    this.#counts.set(name, counts);
    counts[kind] += 1;
    if (this.listed.length < MOST_LISTED) this.listed.push(leak);
  }
}

interface Listed {
  ids: readonly string[];
  sides: readonly number[];
  splits: readonly (string | null)[];
}

/** Each record with each higher side. */
function* places(
  { ids, sides, splits }: Listed,
  names: readonly (string | null)[],
): Generator<Pick<FoundLeak, 'recordId' | 'split' | 'otherSplit'> & { at: number; other: number }> {
  for (const [at, recordId] of ids.entries())
    for (let other = sides[at]! + 1; other < names.length; other += 1)
      yield { at, other, recordId, split: splits[at]!, otherSplit: names[other]! };
}

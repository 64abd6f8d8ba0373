export const RISKS = ['none', 'low', 'medium', 'high', 'critical'] as const;
export type Risk = (typeof RISKS)[number];

/** What a dataset holds at a commit. Bytes are those of the record lines, without line ends. */
export interface Statistics {
  records: number;
  bytes: number;
  findingsByType: Record<string, number>;
  findingsByRisk: Record<string, number>;
  /** Records by the highest risk of what was found in them. */
  recordsByRisk: Record<string, number>;
  /** Of each split; left out where it was not counted, as by the release before, or where there are too many. */
  recordsBySplit?: Record<string, number> | undefined;
}

/** Splits that are counted. */
export const MOST_SPLITS = 200;

/** Records that move from one split to another; those that come or go move from or to none. */
export interface SplitTurn {
  from: string | null;
  to: string | null;
  /** 1 when left out. */
  count?: number;
}

/** The counts of splits once records have moved. */
export function splitsAfter(
  counts: Readonly<Record<string, number>> | undefined,
  turns: readonly SplitTurn[],
): Record<string, number> | undefined {
  // Asked for with each change of a merge, of which few move anything.
  if (!counts || turns.length === 0) return counts;
  const after = new Map(Object.entries(counts));
  for (const { from, to, count = 1 } of turns) {
    if (from === to) continue;
    if (to !== null) after.set(to, (after.get(to) ?? 0) + count);
    if (from === null) continue;
    const left = (after.get(from) ?? 0) - count;
    if (left > 0) after.set(from, left);
    else after.delete(from);
  }
  return after.size > MOST_SPLITS ? undefined : Object.fromEntries(after);
}

export function emptyStatistics(): Statistics {
  return { records: 0, bytes: 0, findingsByType: {}, findingsByRisk: {}, recordsByRisk: {}, recordsBySplit: {} };
}

/** Adds `more` to `total`, in place. */
export function addStatistics(total: Statistics, more: Statistics): Statistics {
  total.records += more.records;
  total.bytes += more.bytes;
  for (const key of ['findingsByType', 'findingsByRisk', 'recordsByRisk'] as const) {
    for (const [name, count] of Object.entries(more[key])) total[key][name] = (total[key][name] ?? 0) + count;
  }
  const come =
    more.recordsBySplit && Object.entries(more.recordsBySplit).map(([to, count]) => ({ from: null, to, count }));
  total.recordsBySplit = come && splitsAfter(total.recordsBySplit, come);
  return total;
}

/** Takes `less` from `total`, in place; what comes to nothing is not named any more. */
export function subtractStatistics(total: Statistics, less: Statistics): Statistics {
  total.records -= less.records;
  total.bytes -= less.bytes;
  for (const key of ['findingsByType', 'findingsByRisk', 'recordsByRisk'] as const) {
    for (const [name, count] of Object.entries(less[key])) {
      const left = (total[key][name] ?? 0) - count;
      if (left === 0) delete total[key][name];
      else total[key][name] = left;
    }
  }
  return total;
}

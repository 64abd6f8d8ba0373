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
}

export function emptyStatistics(): Statistics {
  return { records: 0, bytes: 0, findingsByType: {}, findingsByRisk: {}, recordsByRisk: {} };
}

/** Adds `more` to `total`, in place. */
export function addStatistics(total: Statistics, more: Statistics): Statistics {
  total.records += more.records;
  total.bytes += more.bytes;
  for (const key of ['findingsByType', 'findingsByRisk', 'recordsByRisk'] as const) {
    for (const [name, count] of Object.entries(more[key])) total[key][name] = (total[key][name] ?? 0) + count;
  }
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

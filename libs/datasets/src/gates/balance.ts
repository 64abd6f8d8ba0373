import { type Issue, pointerToken } from '#kernel';
import { MOST_SPLITS, type Statistics } from '../statistics.ts';
import type { Balance, Gate } from './gate.ts';

/** How many records there are on a branch, and in each of its splits; null where those are too many to be counted. */
export interface Sizes {
  records: number;
  bySplit: ReadonlyMap<string, number> | null;
}

/** What a commit keeps of that; undefined where it does not say. */
export function sizesIn({ records, recordsBySplit }: Statistics): Sizes | undefined {
  return recordsBySplit && { records, bySplit: new Map(Object.entries(recordsBySplit)) };
}

/** What is not as the gates want it, in counts and never in values. */
export function balanceIssues(gates: readonly Gate[], sizes: Sizes): Issue[] {
  const all = gates.flatMap(({ balance }) => balance ?? []);
  const issues = all.flatMap((balance) => [...sizeIssues(balance, sizes), ...shareIssues(balance, sizes)]);
  return [...new Map(issues.map((issue) => [`${issue.pointer} ${issue.detail}`, issue])).values()];
}

function sizeIssues({ minRecords, maxRecords }: Balance, { records }: Sizes): Issue[] {
  const wrong = (expected: string): Issue[] => [
    { pointer: '/records', detail: `Gate balance: ${records} records, expected ${expected}` },
  ];
  if (minRecords !== null && records < minRecords) return wrong(`at least ${minRecords}`);
  return maxRecords !== null && records > maxRecords ? wrong(`at most ${maxRecords}`) : [];
}

/** Of no records none is a part. */
function shareIssues({ splits }: Balance, { records, bySplit }: Sizes): Issue[] {
  if (splits.length === 0 || records === 0) return [];
  if (!bySplit)
    return [{ pointer: '/splits', detail: `Gate balance: more than ${MOST_SPLITS} splits, too many to count` }];
  return splits.flatMap(({ name, minShare, maxShare }) => {
    const count = bySplit.get(name) ?? 0;
    const wrong = (expected: string): Issue[] => [
      {
        pointer: `/splits/${pointerToken(name)}`,
        detail: `Gate balance: ${count} of ${records} records, expected ${expected}`,
      },
    ];
    if (minShare !== null && count / records < minShare) return wrong(`a share of at least ${minShare}`);
    return maxShare !== null && count / records > maxShare ? wrong(`a share of at most ${maxShare}`) : [];
  });
}

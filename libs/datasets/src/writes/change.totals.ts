import { MerkleTree } from '#crypto';
import type { Changes, Commit } from '../commit.entity.ts';
import { removalLeaf } from '../commit-row.ts';
import type { RecordVersion } from '../record-version.entity.ts';
import {
  addStatistics,
  emptyStatistics,
  RISKS,
  splitsAfter,
  type Statistics,
  subtractStatistics,
} from '../statistics.ts';
import { type Change, type NextVersion, splitOf } from './change.ts';

export function versionName({
  branchId,
  recordId,
  fromSeq,
}: Pick<RecordVersion, 'branchId' | 'recordId' | 'fromSeq'>): string {
  return `${branchId} ${recordId} ${fromSeq}`;
}

/** Of one version, without its findings. */
export function sizeOf({ bytes, risk }: Pick<RecordVersion, 'bytes' | 'risk'>): Statistics {
  return { ...emptyStatistics(), records: 1, bytes, recordsByRisk: { [RISKS[risk]!]: 1 } };
}

export function addFindings({ findingsByType, findingsByRisk }: Statistics, type: string, risk: number, n = 1): void {
  const name = RISKS[risk]!;
  findingsByType[type] = (findingsByType[type] ?? 0) + n;
  findingsByRisk[name] = (findingsByRisk[name] ?? 0) + n;
}

/** RFC 6962, over the leaves of what came and what went, in the order of record ids. */
export function rootOf(changes: readonly Change[]): Buffer {
  const leaves = new MerkleTree();
  for (const { recordId, after } of changes.toSorted((a, b) => (a.recordId < b.recordId ? -1 : 1))) {
    leaves.append(after ? after.leaf : removalLeaf(recordId));
  }
  return Buffer.from(leaves.root());
}

export function countOf(changes: readonly Change[]): Required<Changes> {
  const count = { added: 0, changed: 0, removed: 0 };
  for (const { before, after } of changes) count[after ? (before ? 'changed' : 'added') : 'removed'] += 1;
  return count;
}

/** The statistics of a commit on top of `parent`; `known` are those of versions that are there, by name. */
export function statisticsAfter(
  { statistics }: Commit,
  changes: readonly Change[],
  known: ReadonlyMap<string, Statistics>,
): Statistics {
  const total = structuredClone(statistics ?? emptyStatistics());
  for (const { before, after } of changes) {
    if (before) subtractStatistics(total, known.get(versionName(before))!);
    if (after) addStatistics(total, ofNext(after, known));
  }
  total.recordsBySplit = splitsAfter(total.recordsBySplit, changes.map(splitOf));
  return total;
}

function ofNext(next: NextVersion, known: ReadonlyMap<string, Statistics>): Statistics {
  if (!Array.isArray(next.findings)) return known.get(versionName(next.findings.of))!;
  const statistics = sizeOf(next);
  for (const { type, risk } of next.findings) addFindings(statistics, type, risk);
  return statistics;
}

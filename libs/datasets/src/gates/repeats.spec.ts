import { randomBytes } from 'node:crypto';
import { newId } from '#kernel';
import { nameOf } from '../contents/content-hash.repository.ts';
import type { StoredVersion } from '../record-version.entity.ts';
import type { Change } from '../writes/change.ts';
import { RepeatWatch } from './repeats.ts';

const version = (recordId: string): StoredVersion => ({ recordId, leaf: randomBytes(32) }) as StoredVersion;
const says = (recordId: string, hash: string, before: StoredVersion | null = null): Change =>
  ({ recordId, before, after: { findings: [], hash: Buffer.from(hash, 'hex') } }) as unknown as Change;
const takes = (of: StoredVersion): Change =>
  ({ recordId: of.recordId, before: null, after: { findings: { of } } }) as unknown as Change;
const watching = (
  holders: Record<string, string[]>,
  known: [StoredVersion, string][] = [],
  leaving: string[] = [],
): RepeatWatch => {
  const watch = new RepeatWatch(new Map(known.map(([row, hash]) => [nameOf(row), hash])), new Set(leaving));
  watch.holders = new Map(Object.entries(holders));
  return watch;
};
const [a, b, c] = [newId(), newId(), newId()];

describe('a record that repeats another', () => {
  it('is one that says what is on the branch, or came before it', () => {
    const watch = watching({ aa: [a] });
    expect(watch.issuesOf(says(b, 'aa'))).toHaveLength(1);
    expect(watch.issuesOf(says(a, 'aa'))).toEqual([]);
    expect(watch.issuesOf(says(b, 'bb'))).toEqual([]);
    watch.take(says(b, 'bb'));
    expect(watch.issuesOf(says(c, 'bb'))).toHaveLength(1);
  });

  it('is none where it said the same before, or what it repeats goes with it', () => {
    const before = version(b);
    expect(watching({ aa: [a] }, [[before, 'aa']]).issuesOf(says(b, 'aa', before))).toEqual([]);
    expect(watching({ aa: [a] }).issuesOf(says(b, 'aa', before))).toEqual([]);
    expect(watching({ aa: [a] }, [[before, 'bb']]).issuesOf(says(b, 'aa', before))).toHaveLength(1);
    expect(watching({ aa: [a] }, [], [a]).issuesOf(says(b, 'aa'))).toEqual([]);
    expect(watching({ aa: [a, c] }, [], [a]).issuesOf(says(b, 'aa'))).toHaveLength(1);
  });

  it('may be taken over from elsewhere; what is not known, and what goes, repeats nothing', () => {
    const stored = version(b);
    expect(watching({ aa: [a] }, [[stored, 'aa']]).issuesOf(takes(stored))).toHaveLength(1);
    expect(watching({ aa: [a] }).issuesOf(takes(stored))).toEqual([]);
    expect(watching({ aa: [a] }).issuesOf({ recordId: b, before: stored, after: null })).toEqual([]);
  });
});

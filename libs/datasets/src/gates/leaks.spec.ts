import { randomBytes } from 'node:crypto';
import { newId } from '#kernel';
import { nameOf } from '../contents/content-hash.repository.ts';
import type { StoredVersion } from '../record-version.entity.ts';
import type { Change } from '../writes/change.ts';
import { LeakWatch } from './leaks.ts';

const version = (recordId: string, split: string | null): StoredVersion =>
  ({ recordId, split, leaf: randomBytes(32) }) as StoredVersion;
const says = (recordId: string, hash: string, split: string | null, before: StoredVersion | null = null): Change =>
  ({ recordId, before, after: { findings: [], hash: Buffer.from(hash, 'hex'), split } }) as unknown as Change;
const watching = (train: string[], known: [StoredVersion, string][] = [], leaving: string[] = []): LeakWatch => {
  const watch = new LeakWatch(new Map(known.map(([row, hash]) => [nameOf(row), hash])), leaving);
  watch.holders = new Map([['aa', new Map([['train', train]])]]);
  return watch;
};
const [a, b, c] = [newId(), newId(), newId()];

describe('a content in two splits', () => {
  it('is one that comes into another split than it is in, or came into before', () => {
    const watch = watching([a]);
    expect(watch.issuesOf(says(b, 'aa', 'test'))).toHaveLength(1);
    expect(watch.issuesOf(says(b, 'aa', 'train'))).toEqual([]);
    expect(watch.issuesOf(says(b, 'aa', null))).toEqual([]);
    expect(watch.issuesOf(says(a, 'aa', 'test'))).toEqual([]);
    watch.take(says(b, 'bb', 'test'));
    expect(watch.issuesOf(says(c, 'bb', 'train'))).toHaveLength(1);
    expect(watch.issuesOf(says(c, 'bb', 'test'))).toEqual([]);
  });

  it('comes about by a move, and not by what stays where it is', () => {
    const there = version(b, 'test');
    expect(watching([a], [[there, 'aa']]).issuesOf(says(b, 'aa', 'test', there))).toEqual([]);
    expect(watching([a], [[there, 'bb']]).issuesOf(says(b, 'aa', 'test', there))).toHaveLength(1);
    const loose = version(b, null);
    expect(watching([a], [[loose, 'aa']]).issuesOf(says(b, 'aa', 'test', loose))).toHaveLength(1);
  });

  it('is none once the other record went from that split', () => {
    const watch = watching([a]);
    watch.take(says(a, 'aa', 'test', version(a, 'train')));
    expect(watch.issuesOf(says(b, 'aa', 'test'))).toEqual([]);
    expect(watch.issuesOf(says(b, 'aa', 'train'))).toHaveLength(1);
    const gone = watching([a]);
    gone.take({ recordId: a, before: version(a, 'train'), after: null });
    expect(gone.issuesOf(says(b, 'aa', 'test'))).toEqual([]);
    expect(watching([a], [], [a]).issuesOf(says(b, 'aa', 'test'))).toEqual([]);
  });
});

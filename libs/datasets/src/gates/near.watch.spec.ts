import { randomBytes } from 'node:crypto';
import { newId } from '#kernel';
import { nameOf } from '../contents/content-hash.repository.ts';
import { ContentSketcher } from '../contents/content.sketch.ts';
import type { StoredVersion } from '../record-version.entity.ts';
import type { Change } from '../writes/change.ts';
import { NearWatch } from './near.watch.ts';

const sketcher = new ContentSketcher({ key: randomBytes(32), pointer: '', shingles: 'words' }, 'one');
const words = (from: number): string => Array.from({ length: 100 }, (_, i) => `word${from + i}`).join(' ');
const sketch = (from: number): Uint8Array => sketcher.of(JSON.stringify(words(from)));
const version = (recordId: string): StoredVersion => ({ recordId, leaf: randomBytes(32) }) as StoredVersion;
const says = (recordId: string, from: number, before: StoredVersion | null = null): Change =>
  ({ recordId, before, after: { findings: [], sketch: sketch(from) } }) as unknown as Change;
const watching = (known: [StoredVersion, number][] = [], leaving: string[] = []): NearWatch =>
  new NearWatch(new Map(known.map(([row, from]) => [nameOf(row), sketch(from)])), 0.75, leaving);
const [a, b, c] = [newId(), newId(), newId()];

describe('a record that is nearly another', () => {
  it('is one that is like what is on the branch, or came before it', () => {
    const watch = watching();
    watch.alike.set(b, [a]);
    expect(watch.issuesOf(says(b, 0))).toHaveLength(1);
    watch.take(says(a, 5000));
    expect(watch.issuesOf(says(b, 0))).toEqual([]);
    expect(watch.issuesOf(says(c, 5002))).toHaveLength(1);
    expect(watch.issuesOf(says(c, 9000))).toEqual([]);
    expect(watch.issuesOf(says(a, 5002))).toEqual([]);
  });

  it('is none where it said the same before, or the other goes with it, or has no text', () => {
    const before = version(b);
    const like = (watch: NearWatch): NearWatch => {
      watch.alike.set(b, [a]);
      return watch;
    };
    expect(like(watching([[before, 0]])).issuesOf(says(b, 0, before))).toEqual([]);
    expect(like(watching([[before, 500]])).issuesOf(says(b, 0, before))).toHaveLength(1);
    expect(like(watching()).issuesOf(says(b, 0, before))).toEqual([]);
    expect(like(watching([], [a])).issuesOf(says(b, 0))).toEqual([]);
    const silent = { recordId: b, before: null, after: { findings: [], sketch: new Uint8Array(0) } };
    expect(like(watching()).issuesOf(silent as unknown as Change)).toEqual([]);
  });
});

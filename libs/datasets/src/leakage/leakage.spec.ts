import type { Sketches } from '../duplicates/duplicate.tasks.ts';
import { BANDS } from '../duplicates/minhash.ts';
import type { StoredVersion } from '../record-version.entity.ts';
import { LeakReport } from './leak.report.ts';
import { crossingIn } from './leak.tasks.ts';
import { LeakingRecords } from './leaking.records.ts';
import { SharedKeys } from './shared.keys.ts';

const row = (recordId: string, split: string): StoredVersion => ({ recordId, split, bytes: 1 }) as StoredVersion;
const sideOf = ({ split }: { split: string | null }): number => ['test', 'train'].indexOf(split!);
const sketches = (macs: readonly number[]): Sketches => ({
  present: new Uint8Array(macs.length).fill(1),
  texts: new Uint8Array(macs.length).fill(1),
  macs: Uint8Array.from(macs.flatMap((mac) => new Array<number>(16).fill(mac))),
  lengths: new Uint32Array(macs.length),
  bands: new Uint32Array(macs.length * BANDS),
});

describe('leakage', () => {
  it('is looked for between sides alone, next to one another in a bucket', () => {
    const hashes = Uint32Array.of(7, 7, 7, 9, 7, 9, 7);
    const sides = Uint8Array.of(1, 1, 1, 0, 0, 0, 1);
    expect([...crossingIn(hashes, sides)]).toEqual([4, 2, 4, 6]);
    const pairs = crossingIn(
      new Uint32Array(10_000),
      Uint8Array.from({ length: 10_000 }, (_, i) => i % 3),
    );
    expect(pairs.length / 2).toBeLessThan(60_000);
  });

  it('is told once for each record of the smaller split, and for all that say the same', async () => {
    const records = new LeakingRecords(6, [[], []]);
    const rows = [row('a', 'train'), row('b', 'test'), row('c', 'test'), row('d', 'test'), row('e', 'train')];
    records.add([...rows, row('f', 'none')], sketches([1, 1, 2, 2, 3, 4]), (each) =>
      each.split === 'none' ? undefined : sideOf(each),
    );
    const speaking = records.speaking.map((at) => records.ids[at]);
    expect(speaking).toEqual(['a', 'b', 'c', 'e']);
    expect([records.isSettled(1, 0), records.isSettled(2, 4)]).toEqual([true, false]);
    records.witness(2, 4, 0.9);
    expect(records.isSettled(2, 4)).toBe(true);
    const keys = new SharedKeys();
    keys.add(rows, Float64Array.of(5, 6, 5, NaN, 7), sideOf);
    const report = await LeakReport.of({ records, keys }, ['test', 'train']);
    expect(report.listed.map(({ recordId, otherId, kind }) => [recordId, otherId, kind])).toEqual([
      ['b', 'a', 'exact'],
      ['c', 'e', 'near'],
      ['d', 'e', 'near'],
      ['c', 'a', 'key'],
    ]);
    expect(report.counts).toEqual([{ split: 'test', other_split: 'train', exact: 1, near: 2, key: 1 }]);
    expect(keys.missing).toBe(1);
  });
});

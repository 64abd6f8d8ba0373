import { randomBytes } from 'node:crypto';
import { jaccard, shinglesOf } from '../duplicates/shingles.ts';
import { bandsOfSketch, ContentSketcher, likenessOf, methodOf, SKETCH_BANDS, SKETCH_BYTES } from './content.sketch.ts';

const WHOLE = { pointer: '', shingles: 'words' } as const;
const key = randomBytes(32);
const [one, other] = ['one', 'other'].map((datasetId) => new ContentSketcher({ key, ...WHOLE }, datasetId)) as [
  ContentSketcher,
  ContentSketcher,
];
const words = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, i) => `word${from + i}`).join(' ');
const sketch = (text: string): Uint8Array => one.of(JSON.stringify({ text }));
const shared = (a: Uint8Array, b: Uint8Array): number => {
  const [left, right] = [bandsOfSketch(a)!, bandsOfSketch(b)!];
  return left.filter((band, i) => band === right[i]).length;
};

describe('a sketch', () => {
  it('tells how alike two texts are, and lets them be found by their bands', () => {
    for (const [n, more] of [5, 10, 20].entries()) {
      const [a, b] = [words(n * 1000, n * 1000 + 200), words(n * 1000 + more, n * 1000 + 200 + more)];
      const exact = jaccard(shinglesOf(a, 'words'), shinglesOf(b, 'words'));
      expect(Math.abs(likenessOf(sketch(a), sketch(b)) - exact)).toBeLessThan(0.12);
      expect(shared(sketch(a), sketch(b))).toBeGreaterThan(0);
    }
    const far = Array.from({ length: 20 }, (_, n) => sketch(words(n * 1000, n * 1000 + 200)));
    const pairs = far.flatMap((a, i) => far.slice(i + 1).map((b) => [a, b] as const));
    expect(Math.max(...pairs.map(([a, b]) => likenessOf(a, b)))).toBeLessThan(0.1);
    expect(pairs.filter(([a, b]) => shared(a, b) > 0)).toEqual([]);
  });

  it('is the same for the same text, and under another key or in another dataset says nothing', () => {
    const text = JSON.stringify({ text: words(0, 100) });
    expect(one.of(text)).toEqual(one.of(JSON.stringify({ n: 1, text: words(0, 100).toUpperCase() })));
    expect(one.of(text)).toHaveLength(SKETCH_BYTES);
    const strange = [other, new ContentSketcher({ key: randomBytes(32), ...WHOLE }, 'one')].map((each) =>
      each.of(text),
    );
    for (const each of strange) {
      expect(likenessOf(one.of(text), each)).toBeLessThan(0.05);
      expect(shared(one.of(text), each)).toBe(0);
    }
  });

  it('is of what the pointer names, and of no text there is none', () => {
    const pointed = new ContentSketcher({ key, pointer: '/text', shingles: 'words' }, 'one');
    const [a, b] = ['x', 'y'].map((more) => pointed.of(JSON.stringify({ text: words(0, 50), more })));
    expect(a).toEqual(b);
    expect(bandsOfSketch(a!)).toHaveLength(SKETCH_BANDS);
    const none = pointed.of('{"n":1}');
    expect([none.length, bandsOfSketch(none), likenessOf(none, none)]).toEqual([0, null, 0]);
    expect(methodOf({ pointer: '/text', shingles: 'words' })).not.toBe(methodOf(WHOLE));
  });
});

import { Clusters, keptOf } from './clusters.ts';
import { BANDS, bandsOf, candidatesIn } from './minhash.ts';
import { canonicalJson, jaccard, normalized, shinglesOf, textOf, valueAt } from './shingles.ts';

const words = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, i) => `word${from + i}`).join(' ');
const shared = (a: string, b: string): number => {
  const [left, right] = [bandsOf(shinglesOf(a, 'words')), bandsOf(shinglesOf(b, 'words'))];
  return left.filter((hash, i) => hash === right[i]).length;
};

describe('shingles', () => {
  it('are of text that is normalized, whatever parts its words', () => {
    expect(normalized('  Ｈｅｌｌｏ\n\t WORLD ')).toBe('hello world');
    expect(shinglesOf('One, two: THREE four five', 'words')).toEqual(shinglesOf('one two three four five', 'words'));
    expect(['', ' ?! '].map((text) => shinglesOf(text, 'words').length)).toEqual([0, 0]);
    expect(shinglesOf('one two', 'words')).toHaveLength(1);
    expect(shinglesOf('abcdefg', 'characters')).toHaveLength(3);
  });

  it('are a set, by which texts are alike', () => {
    const set = shinglesOf('a a a a a a a a', 'words');
    expect(set).toHaveLength(1);
    expect(jaccard(set, set)).toBe(1);
    expect(jaccard(shinglesOf(words(0, 14), 'words'), shinglesOf(words(4, 18), 'words'))).toBeCloseTo(6 / 14);
    expect(jaccard(new Uint32Array(0), new Uint32Array(0))).toBe(0);
  });

  it('are of what a pointer names', () => {
    const value = { b: [{ 'a/b': 'x' }], text: 'y' };
    expect(valueAt(value, '/b/0/a~1b')).toBe('x');
    expect(['/c', '/b/01', '/b/0/x/y', '/toString'].map((pointer) => valueAt(value, pointer))).toEqual(
      new Array(4).fill(undefined),
    );
    expect(textOf(value)).toBe('x\ny');
    expect(canonicalJson({ b: [1, null], a: { d: 'x', c: true } })).toBe('{"a":{"c":true,"d":"x"},"b":[1,null]}');
  });
});

describe('MinHash', () => {
  it('lets texts that are alike share bands, and others none', () => {
    const text = words(0, 200);
    expect(shared(text, text)).toBe(BANDS);
    // 180 of 212 shingles or so.
    const near = Array.from({ length: 50 }, (_, i) =>
      shared(words(i * 1000, i * 1000 + 200), words(i * 1000 + 15, i * 1000 + 215)),
    );
    expect(near.filter((count) => count === 0)).toEqual([]);
    expect(near.reduce((sum, count) => sum + count) / near.length / BANDS).toBeCloseTo(0.86 ** 5, 1);
    const far = Array.from({ length: 50 }, (_, i) => shared(text, words((i + 1) * 1000, (i + 1) * 1000 + 200)));
    expect(far.reduce((sum, count) => sum + count)).toBe(0);
  });

  it('pairs what shares a bucket, each with the first and the one before', () => {
    expect([...candidatesIn(Uint32Array.of(7, 0xffffffff, 7, 3, 7, 0xffffffff, 0))]).toEqual([0, 2, 0, 4, 2, 4, 1, 5]);
  });
});

describe('clusters', () => {
  it('are what is united by way of others too, and keep one of them', () => {
    const clusters = new Clusters(6);
    for (const [a, b] of [
      [4, 2],
      [5, 1],
      [2, 0],
    ] as const)
      clusters.unite(a, b);
    expect(clusters.all()).toEqual([
      [0, 2, 4],
      [1, 5],
    ]);
    const lengths = [3, 0, 9, 0, 9, 0];
    expect((['first', 'longest', 'newest'] as const).map((keep) => keptOf([0, 2, 4], keep, lengths))).toEqual([
      0, 2, 4,
    ]);
  });
});

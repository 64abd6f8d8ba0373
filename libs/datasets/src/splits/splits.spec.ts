import { assigned, NO_SPLIT } from './assigned.ts';
import { hashOf } from './split.hash.ts';
import { hashOfValue } from './split.tasks.ts';

const RATIOS = [0.8, 0.1, 0.1];
const hashes = (keys: readonly string[]): Float64Array => Float64Array.from(keys, (key) => hashOf('2026', key));
const names = (count: number, of = 'key'): string[] => Array.from({ length: count }, (_, i) => `${of} ${i}`);
const counts = (splits: Iterable<number>, ratios = RATIOS): number[] =>
  ratios.map((_, i) => [...splits].filter((split) => split === i).length);
const of = (keys: Float64Array, strata: Float64Array | null = null, ratios = RATIOS, seed = '2026'): Uint8Array =>
  assigned({ seed, ratios, keys, strata });

describe('a split', () => {
  it('is what 48 bits of SHA-256 over seed and key say', () => {
    // printf '2026\0rec_01' | sha256sum | cut -c1-12
    expect(hashOf('2026', 'rec_01')).toBe(0x01a367e357c8);
    expect(hashOfValue('2026', 'rec_01')).toBe(hashOf('2026', 'rec_01'));
    expect([hashOfValue('s', 7), hashOfValue('s', { b: 1, a: [] })]).toEqual([
      hashOf('s', '7'),
      hashOf('s', '{"a":[],"b":1}'),
    ]);
    expect([undefined, null].map((value) => hashOfValue('s', value))).toEqual([NaN, NaN]);
  });

  it('keeps the ratios, and stays where it is whatever else comes', () => {
    const keys = hashes(names(10_000));
    const splits = of(keys);
    for (const [i, count] of counts(splits).entries()) expect(count / 10_000 / RATIOS[i]!).toBeCloseTo(1, 0);
    expect(of(keys.slice(0, 100))).toEqual(splits.slice(0, 100));
    expect(of(Float64Array.from(keys, (_, i) => keys[9999 - i]!)).reverse()).toEqual(splits);
    expect(of(Float64Array.of(keys[0]!, NaN))).toEqual(Uint8Array.of(splits[0]!, NO_SPLIT));
    expect(of(Float64Array.of(0, 2 ** 48 - 1))).toEqual(Uint8Array.of(0, 2));
  });

  it('keeps the ratios in each stratum, exact to rounding, also of those that have none', () => {
    const sizes = [1000, 70, 10, 3, 250];
    const strata = Float64Array.from(sizes.flatMap((size, i) => new Array<number>(size).fill(i === 4 ? NaN : i)));
    const splits = of(hashes(names(strata.length)), strata);
    for (const [stratum, size] of sizes.entries()) {
      const own = [...splits].filter((_, i) => Object.is(strata[i], stratum === 4 ? NaN : stratum));
      for (const [i, count] of counts(own).entries()) expect(Math.abs(count - size * RATIOS[i]!)).toBeLessThan(1);
    }
  });

  it('keeps the ratios over many strata of one record', () => {
    const keys = hashes(names(5000));
    const [, validation, test] = counts(
      of(
        keys,
        Float64Array.from(keys, (_, i) => i),
      ),
    );
    expect([validation, test].every((count) => count! > 400 && count! < 600)).toBe(true);
  });

  it('never parts records of one key, even where they are of several strata', () => {
    const keys = hashes(names(900).map((_, i) => `user ${i % 90}`));
    const strata = Float64Array.from(keys, (_, i) => i % 7);
    for (const splits of [of(keys), of(keys, strata)]) {
      const together = new Map([...keys].map((key, i) => [key, splits[i]]));
      expect([...splits]).toEqual([...keys].map((key) => together.get(key)));
      expect(Math.min(...counts(splits))).toBeGreaterThan(20);
    }
    expect(of(keys, strata, RATIOS, 'another')).not.toEqual(of(keys, strata));
  });
});

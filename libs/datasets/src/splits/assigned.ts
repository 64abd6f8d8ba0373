import { endsOf, HASHES, hashOf, splitAt } from './split.hash.ts';

/** Not in any split: its key is missing. */
export const NO_SPLIT = 255;

export interface ToAssign {
  seed: string;
  ratios: readonly number[];
  keys: Float64Array;
  strata: Float64Array | null;
}

/** Records of one key, which stay together. */
interface Group {
  records: number[];
  stratum: number;
}

/** For each record the place of its split. Records of one key are always in one. */
export function assigned(task: ToAssign): Uint8Array {
  const ends = endsOf(task.ratios);
  if (task.strata) return stratified(task, task.strata, ends);
  // By the key alone: whatever else there is, or comes later, moves nothing.
  return Uint8Array.from(task.keys, (key) => (Number.isNaN(key) ? NO_SPLIT : splitAt(key, ends, HASHES)));
}

/**
 * In each stratum the groups are laid end to end in the order of their hashes, and cut where the ratios say: systematic
 * sampling (W. Madow, L. Madow, "On the theory of systematic sampling", 1944) with a random start for each stratum, so that
 * many small ones together keep the ratios too.
 */
function stratified({ seed, keys }: ToAssign, strata: Float64Array, ends: readonly number[]): Uint8Array {
  const splits = new Uint8Array(keys.length).fill(NO_SPLIT);
  const byStratum = new Map<number, Group[]>();
  for (const group of groupsOf(keys, strata)) {
    const known = byStratum.get(group.stratum);
    if (known) known.push(group);
    else byStratum.set(group.stratum, [group]);
  }
  for (const [stratum, groups] of byStratum) {
    const start = hashOf(seed, `stratum ${stratum}`) / HASHES;
    const size = groups.reduce((sum, { records }) => sum + records.length, 0);
    let before = 0;
    for (const { records } of groups) {
      const split = splitAt(before + start * records.length, ends, size);
      for (const record of records) splits[record] = split;
      before += records.length;
    }
  }
  return splits;
}

/** In the order of their keys' hashes; of the stratum that most of their records are of. */
function groupsOf(keys: Float64Array, strata: Float64Array): Group[] {
  const order = Uint32Array.from(keys, (_, i) => i).filter((i) => !Number.isNaN(keys[i]!));
  order.sort((a, b) => keys[a]! - keys[b]! || a - b);
  const groups: Group[] = [];
  for (let first = 0, next = 0; first < order.length; first = next) {
    while (next < order.length && keys[order[next]!] === keys[order[first]!]) next += 1;
    const records = [...order.subarray(first, next)];
    groups.push({ records, stratum: commonest(records.map((record) => strata[record]!)) });
  }
  return groups;
}

/** Of several that are, the least; one that is missing comes last. */
function commonest(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const rank = (value: number): number => (Number.isNaN(value) ? Infinity : value);
  return [...counts].reduce((best, each) =>
    each[1] > best[1] || (each[1] === best[1] && rank(each[0]) < rank(best[0])) ? each : best,
  )[0];
}

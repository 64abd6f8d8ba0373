import { createHash } from 'node:crypto';

/** Values of a hash: six bytes of it, which is a safe integer. */
export const HASHES = 2 ** 48;

/** The first 48 bits of SHA-256 (FIPS 180-4) over seed, a zero byte and key, in UTF-8: the same on every machine. */
export function hashOf(seed: string, key: string): number {
  return createHash('sha256').update(`${seed}\0${key}`).digest().readUIntBE(0, 6);
}

/** Where each split ends, as a part of the whole. */
export function endsOf(ratios: readonly number[]): number[] {
  let end = 0;
  // The last one takes the rest, whatever the sum of binary fractions is.
  return ratios.map((ratio, i) => (i === ratios.length - 1 ? Infinity : (end += ratio)));
}

/** Which split a place of a whole of `of` is in. */
export function splitAt(place: number, ends: readonly number[], of: number): number {
  return ends.findIndex((end) => place < end * of);
}

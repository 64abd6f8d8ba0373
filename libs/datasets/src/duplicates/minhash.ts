import { mixed } from './shingles.ts';

const { imul } = Math;

/**
 * Bands of rows: two texts whose shingles agree by 0.7 share a band 99 times of 100, by 0.8 all but one in ten thousand
 * times, by 0.3 six times of 100.
 */
export const BANDS = 25;
const ROWS = 5;
/** Values that a signature has. */
export const SIGNATURE = BANDS * ROWS;
const SEEDS = Uint32Array.from({ length: SIGNATURE }, (_, i) => mixed(i + 1));

/**
 * A set's MinHash signature: as many values of two sets are the same as of what either has both have (Jaccard), by chance.
 *
 * A. Broder, "On the resemblance and containment of documents", 1997.
 */
export function signatureOf(shingles: Uint32Array): Uint32Array {
  const least = new Uint32Array(SIGNATURE).fill(0xffffffff);
  for (const shingle of shingles) {
    for (let i = 0; i < SIGNATURE; i += 1) {
      let hash = imul(shingle ^ SEEDS[i]!, 0x9e3779b1);
      hash = imul(hash ^ (hash >>> 15), 0x85ebca77);
      hash = (hash ^ (hash >>> 13)) >>> 0;
      if (hash < least[i]!) least[i] = hash;
    }
  }
  return least;
}

/** One hash for each band of the signature of a set. */
export function bandsOf(shingles: Uint32Array): Uint32Array {
  return bandsIn(signatureOf(shingles));
}

/**
 * One hash for each band of a signature: sets that are alike have some in common.
 *
 * J. Leskovec, A. Rajaraman, J. Ullman, "Mining of Massive Datasets", chapter 3.4.
 */
export function bandsIn(signature: Uint32Array): Uint32Array {
  const bands = new Uint32Array(BANDS);
  for (let band = 0; band < BANDS; band += 1) {
    let hash = band;
    for (let row = 0; row < ROWS; row += 1) hash = mixed(imul(hash, 31) ^ signature[band * ROWS + row]!);
    bands[band] = hash;
  }
  return bands;
}

/**
 * Pairs of places, one after the other, whose hashes of a band are the same: each with the first of its bucket, and with
 * the one before it, so that a large bucket does not cost its square.
 */
export function candidatesIn(hashes: Uint32Array): Uint32Array {
  // Sorted by hash, then by place: both fit into the 53 bits of a double.
  const sorted = Float64Array.from(hashes, (hash, place) => hash * 2 ** 21 + place).sort();
  const pairs: number[] = [];
  let [first, before, current] = [0, 0, -1];
  for (const each of sorted) {
    const hash = Math.floor(each / 2 ** 21);
    const place = each - hash * 2 ** 21;
    if (hash === current) {
      pairs.push(first, place);
      if (before !== first) pairs.push(before, place);
    } else [first, current] = [place, hash];
    before = place;
  }
  return Uint32Array.from(pairs);
}

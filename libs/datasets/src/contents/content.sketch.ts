import { createCipheriv, createHash, createHmac, type Cipheriv } from 'node:crypto';
import { secretKey } from '#kernel';
import type { Looking } from '../duplicates/duplicate.tasks.ts';
import { bandsIn, signatureOf, SIGNATURE } from '../duplicates/minhash.ts';
import { shinglesOf, textOf, valueAt } from '../duplicates/shingles.ts';
import { parseExactly } from '../export/exact-json.ts';

/** Of the bands of a signature, those that records are found by: texts that are alike by 0.75 share one 98 times of 100. */
export const SKETCH_BANDS = 16;
const BAND_BYTES = 4;
/** A byte for each value of the signature, and behind them the bands; nothing at all of a content without text. */
export const SKETCH_BYTES = SIGNATURE + SKETCH_BANDS * BAND_BYTES;

const BLOCK = 16;

/** What it takes to make sketches. */
export interface SketchKey extends Looking {
  /** The tenant's key for hashes of contents. */
  key: Uint8Array;
}

/** Names what is looked at: sketches of others are made anew. */
export function methodOf({ pointer, shingles }: Looking): number {
  return createHash('sha256')
    .update(JSON.stringify([pointer, shingles]))
    .digest()
    .readInt32BE();
}

/**
 * Sketches of what records say, one after the other: MinHash signatures of which it is only told what is the same as in others. Each value
 * is enciphered in its place under a key of the dataset, and of that one byte is kept (b-bit minwise hashing: P. Li, A. König,
 * "b-Bit Minwise Hashing", 2010); each band is enciphered too. Whoever has no key cannot try texts on them.
 */
export class ContentSketcher {
  readonly #cipher: Cipheriv;
  readonly #looking: Looking;
  readonly #blocks = Buffer.alloc((SIGNATURE + SKETCH_BANDS) * BLOCK);

  constructor({ key, pointer, shingles }: SketchKey, datasetId: string) {
    this.#looking = { pointer, shingles };
    const use = JSON.stringify(['sketch', datasetId, pointer, shingles]);
    const own = createHmac('sha256', secretKey(key)).update(use).digest();
    // Blocks are all different, by the number in them, and each is to be the same for the same value: no mode would do.
    this.#cipher = createCipheriv('aes-256-ecb', secretKey(own), null).setAutoPadding(false);
    own.fill(0);
  }

  /** @param text JSON, that was looked at before */
  of(text: string): Uint8Array {
    const { pointer, shingles } = this.#looking;
    const value = valueAt(parseExactly(text), pointer);
    const set = shinglesOf(value === undefined ? '' : textOf(value), shingles);
    if (set.length === 0) return new Uint8Array(0);
    const signature = signatureOf(set);
    const bands = bandsIn(signature);
    for (let i = 0; i < SIGNATURE + SKETCH_BANDS; i += 1) {
      this.#blocks.writeUInt32BE(i, i * BLOCK);
      this.#blocks.writeUInt32BE(i < SIGNATURE ? signature[i]! : bands[i - SIGNATURE]!, i * BLOCK + 4);
    }
    const enciphered = this.#cipher.update(this.#blocks);
    const sketch = new Uint8Array(SKETCH_BYTES);
    for (let i = 0; i < SIGNATURE; i += 1) sketch[i] = enciphered[i * BLOCK]!;
    for (let band = 0; band < SKETCH_BANDS; band += 1) {
      const at = (SIGNATURE + band) * BLOCK;
      sketch.set(enciphered.subarray(at, at + BAND_BYTES), SIGNATURE + band * BAND_BYTES);
    }
    return sketch;
  }
}

/** The bands of a sketch, as numbers of 32 bits with a sign; null where there is no text. */
export function bandsOfSketch(sketch: Uint8Array): number[] | null {
  if (sketch.length === 0) return null;
  const view = new DataView(sketch.buffer, sketch.byteOffset + SIGNATURE);
  return Array.from({ length: SKETCH_BANDS }, (_, band) => view.getInt32(band * BAND_BYTES));
}

/**
 * How alike two contents are, as their sketches tell: the part of all values that are the same, without those that are by
 * chance. It is off by 0.04 or less two times of three.
 */
export function likenessOf(a: Uint8Array, b: Uint8Array): number {
  if (a.length === 0 || b.length === 0) return 0;
  let same = 0;
  for (let i = 0; i < SIGNATURE; i += 1) if (a[i] === b[i]) same += 1;
  return Math.max(0, (same / SIGNATURE - 1 / 256) / (1 - 1 / 256));
}

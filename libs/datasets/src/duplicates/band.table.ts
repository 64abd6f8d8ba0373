import type { Sketches } from './duplicate.tasks.ts';
import { BANDS } from './minhash.ts';

/** The bands of records, row by row, to be asked for column by column. */
export class BandTable {
  readonly #bands: Uint32Array;
  #rows = 0;

  constructor(most: number) {
    this.#bands = new Uint32Array(most * BANDS);
  }

  /** Those of one record of a batch. */
  add({ bands }: Sketches, i: number): void {
    this.#bands.set(bands.subarray(i * BANDS, (i + 1) * BANDS), this.#rows * BANDS);
    this.#rows += 1;
  }

  /** The hashes of one band, in the order the records were added. */
  of(band: number): Uint32Array {
    return Uint32Array.from({ length: this.#rows }, (_, row) => this.#bands[row * BANDS + band]!);
  }
}

import { MAX_RECORD } from '../../ingest/line-batcher.ts';
import type { CsvDialect } from './dialect.ts';

const QUOTE = 0x22;
/** A thread's worth of rows. */
const BATCH = 1024 * 1024;

/** Whole rows of a table, ready for a thread. */
export interface RowBatch {
  bytes: Uint8Array<ArrayBuffer>;
  /** Where each row ends in the bytes, its line end included. */
  ends: Uint32Array;
  /** Number of the first, from 1. */
  firstRow: number;
}

/**
 * Finds where rows end (RFC 4180): not at a line end between quotes, and a quote counts only where a cell begins. A row
 * that is too long is given as an empty one: its bytes are dropped as they come.
 */
export class RowSplitter {
  readonly #delimiter: number;
  readonly #newline: number;
  readonly #added: number;
  #buffer = new Uint8Array(BATCH + 65_536);
  #used = 0;
  /** Where the row under way begins in the buffer. */
  #start = 0;
  #ends: number[] = [];
  #firstRow = 1;
  #cell: 'begins' | 'bare' | 'quoted' | 'closed' = 'begins';
  #skipping = false;
  /** Numbers of the rows that were too long. */
  readonly tooLong: number[] = [];

  /** @param added bytes that a row grows by, as each record names its columns */
  constructor({ delimiter, newline }: Pick<CsvDialect, 'delimiter' | 'newline'>, added = 0) {
    this.#added = added;
    this.#delimiter = delimiter.charCodeAt(0);
    this.#newline = newline;
  }

  *take(chunk: Uint8Array): Generator<RowBatch> {
    let from = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      if (!this.#endsRow(chunk[at]!)) continue;
      this.#append(chunk.subarray(from, at + 1));
      this.#endRow();
      from = at + 1;
      if (this.#used + this.#ends.length * this.#added >= BATCH) yield this.#cut();
    }
    this.#append(chunk.subarray(from));
  }

  /** The last row may lack its line end. */
  *end(): Generator<RowBatch> {
    if (this.#used > this.#start || this.#skipping) this.#endRow();
    yield* this.rest();
  }

  /** The whole rows so far; what follows them is given up. */
  *rest(): Generator<RowBatch> {
    if (this.#ends.length > 0) yield this.#cut();
  }

  /** Whether a row ends with this byte. A doubled quote is one that closes and opens again. */
  #endsRow(byte: number): boolean {
    if (this.#cell === 'quoted') {
      if (byte === QUOTE) this.#cell = 'closed';
      return false;
    }
    if (byte === this.#newline) {
      this.#cell = 'begins';
      return true;
    }
    if (byte === this.#delimiter) this.#cell = 'begins';
    else if (byte === QUOTE && (this.#cell === 'begins' || this.#cell === 'closed')) this.#cell = 'quoted';
    else this.#cell = 'bare';
    return false;
  }

  #append(bytes: Uint8Array): void {
    if (this.#skipping) return;
    if (this.#used - this.#start + bytes.length > MAX_RECORD) {
      this.#used = this.#start;
      this.#skipping = true;
      return;
    }
    if (this.#used + bytes.length > this.#buffer.length) {
      const grown = new Uint8Array(Math.max(this.#buffer.length * 2, this.#used + bytes.length));
      grown.set(this.#buffer.subarray(0, this.#used));
      this.#buffer = grown;
    }
    this.#buffer.set(bytes, this.#used);
    this.#used += bytes.length;
  }

  #endRow(): void {
    if (this.#skipping) this.tooLong.push(this.#firstRow + this.#ends.length);
    this.#skipping = false;
    this.#ends.push(this.#used);
    this.#start = this.#used;
  }

  #cut(): RowBatch {
    const bytes = this.#buffer.subarray(0, this.#used);
    const batch = { bytes, ends: Uint32Array.from(this.#ends), firstRow: this.#firstRow };
    this.#buffer = new Uint8Array(BATCH + 65_536);
    this.#firstRow += this.#ends.length;
    [this.#used, this.#start, this.#ends] = [0, 0, []];
    return batch;
  }
}

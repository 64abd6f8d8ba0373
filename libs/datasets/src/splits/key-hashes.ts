import { showId } from '#kernel';
import { valueOf } from '../gates/gate.ts';
import { type LineParts, type Looked, overLines } from '../line-batches.ts';
import { pagesOf } from '../record-pages.ts';
import type { StoredVersion } from '../record-version.entity.ts';
import { hashOf } from './split.hash.ts';
import { hashOfValue, type SplitPool } from './split.tasks.ts';

export const RECORD_ID = 'record_id';
const PAGE = 2000;

export interface Hashed {
  rows: StoredVersion[];
  /** For each place those of all rows; NaN where there is nothing. */
  hashes: Float64Array[];
}

/** A place inside the content; all others are in plain sight. */
export function isPointer(place: string): boolean {
  return place.startsWith('/');
}

/** Hashes of what is said of records at some places: `record_id`, an attribute, `metadata.` and a name, or a JSON Pointer. */
export class KeyHashes {
  constructor(
    private readonly parts: LineParts,
    private readonly pool: SplitPool,
  ) {}

  /** In the order they came in. Content is opened only where a pointer asks for it. */
  async *of(looked: Looked, seed: string, places: readonly string[]): AsyncGenerator<Hashed> {
    const pointers = places.filter(isPointer);
    if (pointers.length === 0) {
      const { database, records } = this.parts;
      for await (const rows of pagesOf(database, records, looked, PAGE)) {
        looked.signal.throwIfAborted();
        yield { rows, hashes: places.map((place) => plainHashes(rows, seed, place)) };
      }
      return;
    }
    const hash = (lines: Buffer): Promise<{ hashes: Float64Array[] }> =>
      this.pool.run({ kind: 'split-hash', lines, seed, pointers });
    for await (const { rows, made } of overLines(this.parts, looked, hash)) {
      const hashes = places.map((place) => made.hashes[pointers.indexOf(place)] ?? plainHashes(rows, seed, place));
      yield { rows, hashes };
    }
  }
}

function plainHashes(rows: readonly StoredVersion[], seed: string, place: string): Float64Array {
  return Float64Array.from(rows, (row) => plainHash(row, seed, place));
}

function plainHash(row: StoredVersion, seed: string, place: string): number {
  if (place === RECORD_ID) return hashOf(seed, showId('rec', row.recordId));
  return hashOfValue(seed, valueOf(row, place) as string | number | boolean | undefined);
}

import type { StoredVersion } from '../record-version.entity.ts';
import { SIDES } from './leak.sides.ts';

/** Which records of different sides have one key. */
export class SharedKeys {
  readonly ids: string[] = [];
  readonly sides: number[] = [];
  readonly splits: (string | null)[] = [];
  readonly #keys: number[] = [];
  /** The first of each key and side; a hash of 48 bits and a side fit into the 53 bits of a double. */
  readonly #firsts = new Map<number, string>();
  missing = 0;

  add(rows: readonly StoredVersion[], keys: Float64Array, sideOf: (row: StoredVersion) => number | undefined): void {
    for (const [i, row] of rows.entries()) {
      const [side, key] = [sideOf(row), keys[i]!];
      if (side === undefined) continue;
      if (Number.isNaN(key)) {
        this.missing += 1;
        continue;
      }
      this.ids.push(row.recordId);
      this.sides.push(side);
      this.splits.push(row.split);
      this.#keys.push(key);
      if (!this.#firsts.has(key * SIDES + side)) this.#firsts.set(key * SIDES + side, row.recordId);
    }
  }

  /** A record of a side that has the key of this one. */
  other(at: number, side: number): string | undefined {
    return this.#firsts.get(this.#keys[at]! * SIDES + side);
  }
}

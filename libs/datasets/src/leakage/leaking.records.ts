import type { Layer } from '../layers.ts';
import type { StoredVersion } from '../record-version.entity.ts';
import { BandTable } from '../duplicates/band.table.ts';
import { macOf, type Sketches } from '../duplicates/duplicate.tasks.ts';
import { SIDES } from './leak.sides.ts';

/** Another record, and how alike the two are. */
interface Witness {
  other: number;
  similarity: number;
}

/** What is known of the records of all sides: some hundred bytes of each. Those of one side that are the same share a voice. */
export class LeakingRecords {
  readonly ids: string[] = [];
  readonly sizes: number[] = [];
  readonly sides: number[] = [];
  readonly splits: (string | null)[] = [];
  /** For each voice the record that speaks. */
  readonly speaking: number[] = [];
  without = 0;
  readonly #layers: readonly (readonly Layer[])[];
  readonly #classes: number[] = [];
  readonly #byMac = new Map<string, number>();
  /** The first record of each class and side. */
  readonly #firsts = new Map<number, number>();
  readonly #bands: BandTable;
  readonly #witnesses = new Map<number, Witness>();

  /** @param layers for each side where its records are seen */
  constructor(total: number, layers: readonly (readonly Layer[])[]) {
    this.#layers = layers;
    this.#bands = new BandTable(total);
  }

  layers(at: number): readonly Layer[] {
    return this.#layers[this.sides[at]!]!;
  }

  add(rows: readonly StoredVersion[], sketches: Sketches, sideOf: (row: StoredVersion) => number | undefined): void {
    for (const [i, row] of rows.entries()) {
      const side = sideOf(row);
      if (side === undefined) continue;
      if (!sketches.present[i]) {
        this.without += 1;
        continue;
      }
      const at = this.ids.push(row.recordId) - 1;
      this.sizes.push(row.bytes);
      this.sides.push(side);
      this.splits.push(row.split);
      const of = this.#classOf(sketches, i);
      this.#classes.push(of);
      if (this.#firsts.has(of * SIDES + side)) continue;
      this.#firsts.set(of * SIDES + side, at);
      if (!sketches.texts[i]) continue;
      this.#bands.add(sketches, i);
      this.speaking.push(at);
    }
  }

  /** The hashes of one band, and the sides, of all voices. */
  band(band: number): { hashes: Uint32Array; sides: Uint8Array } {
    return {
      hashes: this.#bands.of(band),
      sides: Uint8Array.from(this.speaking, (at) => this.sides[at]!),
    };
  }

  /** Whether it is known already that the first of two that speak has something in common with the side of the other. */
  isSettled(a: number, b: number): boolean {
    return this.exact(a, this.sides[b]!) !== undefined || this.#witnesses.has(this.#nameOf(a, this.sides[b]!));
  }

  witness(a: number, b: number, similarity: number): void {
    this.#witnesses.set(this.#nameOf(a, this.sides[b]!), { other: b, similarity });
  }

  /** A record of a side that is the same. */
  exact(at: number, side: number): number | undefined {
    return this.#firsts.get(this.#classes[at]! * SIDES + side);
  }

  /** A record of a side that is nearly the same. */
  near(at: number, side: number): Witness | undefined {
    return this.#witnesses.get(this.#nameOf(at, side));
  }

  /** One name for all records of a voice, and a side. */
  #nameOf(at: number, side: number): number {
    const voice = this.#firsts.get(this.#classes[at]! * SIDES + this.sides[at]!)!;
    return voice * SIDES + side;
  }

  #classOf(sketches: Sketches, i: number): number {
    const mac = macOf(sketches, i);
    const known = this.#byMac.get(mac) ?? this.#byMac.size;
    this.#byMac.set(mac, known);
    return known;
  }
}

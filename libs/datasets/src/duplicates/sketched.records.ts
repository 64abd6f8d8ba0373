import { Clusters } from './clusters.ts';
import { BandTable } from './band.table.ts';
import { macOf, type Sketches } from './duplicate.tasks.ts';

/** What is known of records that were looked at: some hundred bytes of each. Of those that are the same, the first speaks for all. */
export class SketchedRecords {
  readonly ids: string[] = [];
  readonly sizes: number[] = [];
  readonly lengths: number[] = [];
  /** For each record the one that speaks for it. */
  readonly speakers: number[] = [];
  /** Those that speak, and have text. */
  readonly speaking: number[] = [];
  without = 0;
  readonly #byMac = new Map<string, number>();
  readonly #bands: BandTable;

  constructor(total: number) {
    this.#bands = new BandTable(total);
  }

  add(rows: readonly { recordId: string; bytes: number }[], sketches: Sketches): void {
    for (const [i, { recordId, bytes }] of rows.entries()) {
      if (!sketches.present[i]) {
        this.without += 1;
        continue;
      }
      const at = this.ids.push(recordId) - 1;
      this.sizes.push(bytes);
      this.lengths.push(sketches.lengths[i]!);
      const name = macOf(sketches, i);
      const first = this.#byMac.get(name);
      this.speakers.push(first ?? at);
      if (first !== undefined) continue;
      this.#byMac.set(name, at);
      if (!sketches.texts[i]) continue;
      this.#bands.add(sketches, i);
      this.speaking.push(at);
    }
  }

  /** The hashes of one band, of those that speak. */
  band(band: number): Uint32Array {
    return this.#bands.of(band);
  }

  /** Records that are the same, together. */
  clusters(): Clusters {
    const clusters = new Clusters(this.ids.length);
    this.speakers.forEach((speaker, i) => clusters.unite(speaker, i));
    return clusters;
  }
}

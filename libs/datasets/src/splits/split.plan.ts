import { showId } from '#kernel';
import { valueOf } from '../gates/gate.ts';
import type { StoredVersion } from '../record-version.entity.ts';
import { NO_SPLIT } from './assigned.ts';
import { hashOf } from './split.hash.ts';
import { isPointer, type Hashed } from './key-hashes.ts';
import { SplitStrataTooMany } from './split.errors.ts';

export interface SplitOptions {
  splits: { name: string; ratio: number }[];
  seed: string;
  key: string;
  stratifyBy: string | null;
  onMissing: 'refuse' | 'record_id';
}

export interface StratumCounts {
  /** What its records have in common, where that is in plain sight anyway. */
  value?: unknown;
  /** One of its records; null where there is none. */
  example_id: string;
  records: number;
  splits: Record<string, number>;
}

/** A record that is to be in another split than it is. */
export interface Move {
  recordId: string;
  /** Hex: of the version that was looked at. */
  leaf: string;
  split: string;
}

const MOST_STRATA = 1000;
/** Of these the answer has the counts. */
const SHOWN = 100;

/** What is known of records that are put into splits: some hundred bytes of each. */
export class SplitPlan {
  readonly keys: Float64Array;
  readonly strata: Float64Array | null;
  missing = 0;
  readonly #options: SplitOptions;
  readonly #ids: string[] = [];
  readonly #leaves: Buffer;
  readonly #before: (string | null)[] = [];
  readonly #examples = new Map<number, StoredVersion>();
  #splits: Uint8Array = new Uint8Array(0);

  constructor(total: number, options: SplitOptions) {
    this.#options = options;
    this.keys = new Float64Array(total);
    this.strata = options.stratifyBy === null ? null : new Float64Array(total);
    this.#leaves = Buffer.alloc(total * 32);
  }

  /** Where there is what records are split and stratified by. */
  get places(): string[] {
    const { key, stratifyBy } = this.#options;
    return stratifyBy === null ? [key] : [key, stratifyBy];
  }

  /** @throws SplitStrataTooMany */
  add({ rows, hashes: [keys, strata] }: Hashed): void {
    const { seed, onMissing } = this.#options;
    for (const [i, row] of rows.entries()) {
      const at = this.#ids.push(row.recordId) - 1;
      const isMissing = Number.isNaN(keys![i]!);
      if (isMissing) this.missing += 1;
      this.keys[at] = isMissing && onMissing === 'record_id' ? hashOf(seed, showId('rec', row.recordId)) : keys![i]!;
      this.#leaves.set(row.leaf, at * 32);
      this.#before.push(this.#known(row.split));
      if (!this.strata) continue;
      const stratum = (this.strata[at] = strata![i]!);
      if (this.#examples.has(stratum)) continue;
      if (this.#examples.size === MOST_STRATA) throw new SplitStrataTooMany(MOST_STRATA);
      this.#examples.set(stratum, row);
    }
  }

  /** For each record the place of its split. */
  take(splits: Uint8Array): void {
    this.#splits = splits;
  }

  get records(): number {
    return this.#ids.length;
  }

  counts(): { name: string; records: number }[] {
    const counts = this.#options.splits.map(({ name }) => ({ name, records: 0 }));
    for (const split of this.#splits) if (split !== NO_SPLIT) counts[split]!.records += 1;
    return counts;
  }

  /** Of the largest strata. */
  strataCounts(): { total: number; shown: StratumCounts[] } | null {
    const { strata } = this;
    if (!strata) return null;
    const counts = new Map([...this.#examples].map(([stratum, row]) => [stratum, this.#stratum(row)]));
    for (const [i, split] of this.#splits.entries()) {
      const stratum = counts.get(strata[i]!)!;
      stratum.records += 1;
      if (split === NO_SPLIT) continue;
      const { name } = this.#options.splits[split]!;
      stratum.splits[name] = (stratum.splits[name] ?? 0) + 1;
    }
    const shown = [...counts.values()].sort((a, b) => b.records - a.records).slice(0, SHOWN);
    return { total: counts.size, shown };
  }

  /** Those that are not where they are to be, so many at a time. */
  *moves(atOnce: number): Generator<Move[]> {
    let some: Move[] = [];
    for (const [i, place] of this.#splits.entries()) {
      const split = this.#options.splits[place]?.name;
      if (split === undefined || split === this.#before[i]) continue;
      const leaf = this.#leaves.toString('hex', i * 32, i * 32 + 32);
      if (some.push({ recordId: this.#ids[i]!, leaf, split }) < atOnce) continue;
      yield some;
      some = [];
    }
    if (some.length > 0) yield some;
  }

  /** One string for all that are in the same split. */
  #known(split: string | null): string | null {
    return this.#options.splits.find(({ name }) => name === split)?.name ?? (split === null ? null : '');
  }

  #stratum(row: StoredVersion): StratumCounts {
    const { splits, stratifyBy } = this.#options;
    const value = valueOf(row, stratifyBy!) ?? null;
    return {
      // Content stays out of results, which are kept in plain sight.
      ...(!isPointer(stratifyBy!) && { value }),
      example_id: showId('rec', row.recordId),
      records: 0,
      splits: Object.fromEntries(splits.map(({ name }) => [name, 0])),
    };
  }
}

import { joined } from '../json-lines.ts';
import type { Layer } from '../layers.ts';
import { cut, type LineParts, type Looked } from '../line-batches.ts';
import type { StoredVersion } from '../record-version.entity.ts';
import type { DuplicatePool, Looking } from './duplicate.tasks.ts';
import { BANDS } from './minhash.ts';

const PAIRS = 250;
/** Pairs that are remembered as not alike; what comes after them may be looked at again. */
const REMEMBERED = 2_000_000;

/** Two records, by their places among those that are looked at. */
export type Pair = readonly [number, number];

/** Where to find them. */
export interface Placed {
  layers: (at: number) => readonly Layer[];
  ids: readonly string[];
  sizes: readonly number[];
}

/** Records whose sketches say which of them may be alike. */
export interface Sketched extends Placed {
  /** Those that have sketches, and one of all that are the same. */
  speaking: readonly number[];
  /** Places among those that speak, two for each pair that agrees in a band. */
  candidates(band: number): Promise<{ pairs: Uint32Array }>;
  /** Whether nothing would come of it if these two were alike. */
  isSettled(a: number, b: number): boolean;
  alike(a: number, b: number, similarity: number): void;
}

/** How alike records are: looks at the records themselves. */
export class Likeness {
  constructor(
    private readonly parts: LineParts,
    private readonly pool: DuplicatePool,
  ) {}

  /** Goes through the bands, and tells which pairs are as alike as `least`. */
  async among(looked: Omit<Looked, 'layers'>, looking: Looking, sketched: Sketched, least: number): Promise<void> {
    const { speaking } = sketched;
    const unlike = new Set<number>();
    for (let band = 0; band < BANDS; band += 1) {
      looked.signal.throwIfAborted();
      const { pairs } = await sketched.candidates(band);
      const wanted: Pair[] = [];
      for (let i = 0; i < pairs.length; i += 2) {
        const [a, b] = [speaking[pairs[i]!]!, speaking[pairs[i + 1]!]!];
        if (!sketched.isSettled(a, b) && !unlike.has(a * 2 ** 21 + b)) wanted.push([a, b]);
      }
      await this.of(looked, looking, sketched, wanted, ([a, b], similarity) => {
        if (similarity >= least) sketched.alike(a, b, similarity);
        else if (unlike.size < REMEMBERED) unlike.add(a * 2 ** 21 + b);
      });
    }
  }

  async of(
    { tenantId, signal }: Omit<Looked, 'layers'>,
    { pointer, shingles }: Looking,
    placed: Placed,
    pairs: readonly Pair[],
    tell: (pair: Pair, similarity: number) => void,
  ): Promise<void> {
    const { sizes } = placed;
    for (const some of cut(pairs, ([a, b]) => sizes[a]! + sizes[b]!, PAIRS)) {
      signal.throwIfAborted();
      const wanted = [...new Set(some.flat())];
      const places = new Map(wanted.map((at, i) => [at, i]));
      const rows = await this.rows(tenantId, placed, wanted);
      const lines = joined(await this.parts.reader.scattered(tenantId, rows));
      const inLines = Uint32Array.from(some.flat(), (at) => places.get(at)!);
      const task = { kind: 'duplicate-compare', lines, pairs: inLines, pointer, shingles } as const;
      const { similarities } = await this.pool.run(task);
      some.forEach((pair, i) => tell(pair, similarities[i]!));
    }
  }

  /** In the order that was asked for. */
  private async rows(tenantId: string, { layers, ids }: Placed, wanted: readonly number[]): Promise<StoredVersion[]> {
    const { database, records } = this.parts;
    const found = new Map<readonly Layer[], Map<string, StoredVersion>>();
    for (const stack of new Set(wanted.map((at) => layers(at)))) {
      const here = wanted.filter((at) => layers(at) === stack).map((at) => ids[at]!);
      const rows = await database.inTenant(tenantId, () => records.findAll(stack, here));
      found.set(stack, new Map(rows.map((row) => [row.recordId, row])));
    }
    return wanted.map((at) => found.get(layers(at))!.get(ids[at]!)!);
  }
}

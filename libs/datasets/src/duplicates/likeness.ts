import { joined } from '../json-lines.ts';
import type { Layer } from '../layers.ts';
import { cut, type LineParts, type Looked } from '../line-batches.ts';
import type { StoredVersion } from '../record-version.entity.ts';
import type { DuplicatePool, Looking } from './duplicate.tasks.ts';

const PAIRS = 250;

/** Two records, by their places among those that are looked at. */
export type Pair = readonly [number, number];

/** Where to find them. */
export interface Placed {
  layers: (at: number) => readonly Layer[];
  ids: readonly string[];
  sizes: readonly number[];
}

/** How alike records are: looks at the records themselves. */
export class Likeness {
  constructor(
    private readonly parts: LineParts,
    private readonly pool: DuplicatePool,
  ) {}

  async of(
    { tenantId, signal }: Pick<Looked, 'tenantId' | 'signal'>,
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

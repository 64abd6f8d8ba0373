import type { KeyService } from '#crypto';
import type { RunningJob } from '#queue';
import { type LineParts, type Looked, overLines } from '../line-batches.ts';
import { type Clusters, keptOf } from './clusters.ts';
import type { SearchOptions } from './duplicate.entity.ts';
import type { DuplicatePool, Sketches } from './duplicate.tasks.ts';
import type { Likeness, Pair } from './likeness.ts';
import { BANDS } from './minhash.ts';
import { SketchedRecords } from './sketched.records.ts';

/** Pairs that are remembered as not alike; what comes after them may be looked at again. */
const REMEMBERED = 2_000_000;

export interface FoundDuplicate {
  recordId: string;
  keptId: string;
  exact: boolean;
  similarity: number;
}

export interface Found {
  /** Records that do not have what was to be looked at. */
  without: number;
  duplicates: FoundDuplicate[];
}

/** Where it looks, and for whom. */
interface Search extends Looked {
  options: SearchOptions;
}

/** Finds records that are the same, or nearly: sketches first, then what sketches say is looked at once more. */
export class DuplicateFinder {
  constructor(
    private readonly parts: LineParts,
    private readonly keys: KeyService,
    private readonly pool: DuplicatePool,
    private readonly likeness: Likeness,
  ) {}

  async find(search: Search, total: number, progress: RunningJob['progress']): Promise<Found> {
    const sketched = await this.sketch(search, total, progress);
    const clusters = sketched.clusters();
    if (search.options.threshold !== null) await this.uniteAlike(search, sketched, clusters, search.options.threshold);
    return { without: sketched.without, duplicates: await this.losers(search, sketched, clusters) };
  }

  private async sketch(search: Search, total: number, progress: RunningJob['progress']): Promise<SketchedRecords> {
    const { tenantId, options } = search;
    const { pointer, shingles } = options;
    const sketched = new SketchedRecords(total);
    const key = await this.keys.tenantSecret(tenantId, 'duplicates');
    const sketch = (lines: Buffer): Promise<Sketches> =>
      this.pool.run({ kind: 'duplicate-sketch', lines, key: Buffer.from(key), pointer, shingles });
    let done = 0;
    for await (const { rows, made } of overLines(this.parts, search, sketch)) {
      sketched.add(rows, made);
      await progress((done += rows.length), total);
    }
    return sketched;
  }

  private async uniteAlike(
    search: Search,
    sketched: SketchedRecords,
    clusters: Clusters,
    least: number,
  ): Promise<void> {
    const unlike = new Set<number>();
    for (let band = 0; band < BANDS; band += 1) {
      const { pairs } = await this.pool.run({ kind: 'duplicate-candidates', hashes: sketched.band(band) });
      const wanted: Pair[] = [];
      for (let i = 0; i < pairs.length; i += 2) {
        const [a, b] = [sketched.speaking[pairs[i]!]!, sketched.speaking[pairs[i + 1]!]!];
        if (clusters.rootOf(a) !== clusters.rootOf(b) && !unlike.has(a * 2 ** 21 + b)) wanted.push([a, b]);
      }
      await this.similarities(search, sketched, wanted, ([a, b], similarity) => {
        if (similarity >= least) clusters.unite(a, b);
        else if (unlike.size < REMEMBERED) unlike.add(a * 2 ** 21 + b);
      });
    }
  }

  /** Of each cluster all but the one that stays, and those that are like it only by way of others. */
  private async losers(
    { options, ...search }: Search,
    sketched: SketchedRecords,
    clusters: Clusters,
  ): Promise<FoundDuplicate[]> {
    const { ids, speakers, lengths } = sketched;
    const pairs = clusters.all().flatMap((members) => {
      const kept = keptOf(members, options.keep, lengths);
      return members.flatMap((each): Pair[] => (each === kept ? [] : [[each, kept]]));
    });
    const alike = new Map<string, number>();
    const named = ([a, b]: Pair): string => `${speakers[a]} ${speakers[b]}`;
    const isExact = ([a, b]: Pair): boolean => speakers[a] === speakers[b];
    const near = new Map(pairs.filter((pair) => !isExact(pair)).map((pair) => [named(pair), pair]));
    const spoken = [...near.values()].map(([a, b]): Pair => [speakers[a]!, speakers[b]!]);
    await this.similarities({ options, ...search }, sketched, spoken, (pair, similarity) =>
      alike.set(named(pair), similarity),
    );
    return pairs.flatMap((pair) => {
      const similarity = isExact(pair) ? 1 : alike.get(named(pair))!;
      if (!isExact(pair) && similarity < options.threshold!) return [];
      return [{ recordId: ids[pair[0]]!, keptId: ids[pair[1]]!, exact: isExact(pair), similarity }];
    });
  }

  private similarities(
    search: Search,
    { ids, sizes }: SketchedRecords,
    pairs: readonly Pair[],
    tell: (pair: Pair, similarity: number) => void,
  ): Promise<void> {
    const placed = { layers: () => search.layers, ids, sizes };
    return this.likeness.of(search, search.options, placed, pairs, tell);
  }
}

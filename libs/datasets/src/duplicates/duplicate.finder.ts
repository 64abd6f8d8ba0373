import type { RunningJob } from '#queue';
import type { Looked } from '../line-batches.ts';
import { type Clusters, keptOf } from './clusters.ts';
import type { SearchOptions } from './duplicate.entity.ts';
import type { DuplicatePool } from './duplicate.tasks.ts';
import type { Likeness, Pair, Placed } from './likeness.ts';
import { SketchedRecords } from './sketched.records.ts';
import type { Sketcher } from './sketcher.ts';

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
    private readonly sketcher: Sketcher,
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
    const sketched = new SketchedRecords(total);
    let done = 0;
    for await (const { rows, made } of this.sketcher.of(search, search.options)) {
      sketched.add(rows, made);
      await progress((done += rows.length), total);
    }
    return sketched;
  }

  private uniteAlike(search: Search, sketched: SketchedRecords, clusters: Clusters, least: number): Promise<void> {
    return this.likeness.among(
      search,
      search.options,
      {
        ...placed(search, sketched),
        speaking: sketched.speaking,
        candidates: (band) => this.pool.run({ kind: 'duplicate-candidates', hashes: sketched.band(band) }),
        isSettled: (a, b) => clusters.rootOf(a) === clusters.rootOf(b),
        alike: (a, b) => clusters.unite(a, b),
      },
      least,
    );
  }

  /** Of each cluster all but the one that stays, and those that are like it only by way of others. */
  private async losers(search: Search, sketched: SketchedRecords, clusters: Clusters): Promise<FoundDuplicate[]> {
    const { options } = search;
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
    await this.likeness.of(search, options, placed(search, sketched), spoken, (pair, similarity) =>
      alike.set(named(pair), similarity),
    );
    return pairs.flatMap((pair) => {
      const similarity = isExact(pair) ? 1 : alike.get(named(pair))!;
      if (!isExact(pair) && similarity < options.threshold!) return [];
      return [{ recordId: ids[pair[0]]!, keptId: ids[pair[1]]!, exact: isExact(pair), similarity }];
    });
  }
}

function placed({ layers }: Search, { ids, sizes }: SketchedRecords): Placed {
  return { layers: () => layers, ids, sizes };
}

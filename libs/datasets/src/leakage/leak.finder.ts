import { setImmediate as breath } from 'node:timers/promises';
import type { KeyService } from '#crypto';
import type { RunningJob } from '#queue';
import type { DuplicatePool, Sketches } from '../duplicates/duplicate.tasks.ts';
import type { Likeness, Pair } from '../duplicates/likeness.ts';
import { BANDS } from '../duplicates/minhash.ts';
import { type LineParts, overLines } from '../line-batches.ts';
import type { KeyHashes } from '../splits/key-hashes.ts';
import type { LeakOptions } from './leak.entity.ts';
import type { Sides } from './leak.sides.ts';
import type { LeakPool } from './leak.tasks.ts';
import { LeakingRecords } from './leaking.records.ts';
import { SharedKeys } from './shared.keys.ts';

/** Pairs that are remembered as not alike; what comes after them may be looked at again. */
const REMEMBERED = 2_000_000;

export interface LeakSearch {
  tenantId: string;
  sides: Sides;
  options: LeakOptions;
  signal: AbortSignal;
  progress: RunningJob['progress'];
}

export interface FoundInCommon {
  records: LeakingRecords;
  /** Null when no key was asked for. */
  keys: SharedKeys | null;
}

/** Finds what records of different sides have in common: the same content, nearly the same, or the same key. */
export class LeakFinder {
  constructor(
    private readonly parts: LineParts,
    private readonly secrets: KeyService,
    private readonly pool: DuplicatePool & LeakPool,
    private readonly likeness: Likeness,
    private readonly hashes: KeyHashes,
  ) {}

  async find(search: LeakSearch): Promise<FoundInCommon> {
    const records = await this.sketch(search);
    if (search.options.threshold !== null) await this.compare(search, records, search.options.threshold);
    return { records, keys: search.options.key === null ? null : await this.keys(search, search.options.key) };
  }

  private async sketch({ tenantId, sides, options, signal, progress }: LeakSearch): Promise<LeakingRecords> {
    const { pointer, shingles } = options;
    const total = sides.scopes.reduce((sum, { records }) => sum + records, 0);
    const records = new LeakingRecords(total, sides.layers);
    const key = await this.secrets.tenantSecret(tenantId, 'duplicates');
    const sketch = (lines: Buffer): Promise<Sketches> =>
      this.pool.run({ kind: 'duplicate-sketch', lines, key: Buffer.from(key), pointer, shingles });
    let done = 0;
    for (const { layers, sideOf } of sides.scopes) {
      for await (const { rows, made } of overLines(this.parts, { tenantId, layers, signal }, sketch)) {
        records.add(rows, made, sideOf);
        await progress((done += rows.length), total);
      }
    }
    return records;
  }

  /** Pairs that sketches speak for are looked at themselves, until a record has one that is alike on each side. */
  private async compare({ options, ...search }: LeakSearch, records: LeakingRecords, least: number): Promise<void> {
    const unlike = new Set<number>();
    const placed = { ids: records.ids, sizes: records.sizes, layers: (at: number) => records.layers(at) };
    for (let band = 0; band < BANDS; band += 1) {
      const { pairs } = await this.pool.run({ kind: 'leak-candidates', ...records.band(band) });
      const wanted: Pair[] = [];
      for (let i = 0; i < pairs.length; i += 2) {
        const [a, b] = [records.speaking[pairs[i]!]!, records.speaking[pairs[i + 1]!]!];
        if (!records.isSettled(a, b) && !unlike.has(a * 2 ** 21 + b)) wanted.push([a, b]);
      }
      await this.likeness.of(search, options, placed, wanted, ([a, b], similarity) => {
        if (similarity >= least) records.witness(a, b, similarity);
        else if (unlike.size < REMEMBERED) unlike.add(a * 2 ** 21 + b);
      });
    }
  }

  private async keys({ tenantId, sides, signal }: LeakSearch, key: string): Promise<SharedKeys> {
    const keys = new SharedKeys();
    for (const { layers, sideOf } of sides.scopes) {
      for await (const { rows, hashes } of this.hashes.of({ tenantId, layers, signal }, '', [key])) {
        keys.add(rows, hashes[0]!, sideOf);
        await breath();
      }
    }
    return keys;
  }
}

import { setImmediate as breath } from 'node:timers/promises';
import type { RunningJob } from '#queue';
import type { Likeness } from '../duplicates/likeness.ts';
import type { Sketcher } from '../duplicates/sketcher.ts';
import type { KeyHashes } from '../splits/key-hashes.ts';
import type { LeakOptions } from './leak.entity.ts';
import type { Sides } from './leak.sides.ts';
import type { LeakPool } from './leak.tasks.ts';
import { LeakingRecords } from './leaking.records.ts';
import { SharedKeys } from './shared.keys.ts';

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
    private readonly sketcher: Sketcher,
    private readonly pool: LeakPool,
    private readonly likeness: Likeness,
    private readonly hashes: KeyHashes,
  ) {}

  async find(search: LeakSearch): Promise<FoundInCommon> {
    const records = await this.sketch(search);
    if (search.options.threshold !== null) await this.compare(search, records, search.options.threshold);
    return { records, keys: search.options.key === null ? null : await this.keys(search, search.options.key) };
  }

  private async sketch({ tenantId, sides, options, signal, progress }: LeakSearch): Promise<LeakingRecords> {
    const total = sides.scopes.reduce((sum, { records }) => sum + records, 0);
    const records = new LeakingRecords(total, sides.layers);
    let done = 0;
    for (const { layers, sideOf } of sides.scopes) {
      for await (const { rows, made } of this.sketcher.of({ tenantId, layers, signal }, options)) {
        records.add(rows, made, sideOf);
        await progress((done += rows.length), total);
      }
    }
    return records;
  }

  /** Pairs that sketches speak for are looked at themselves, until a record has one that is alike on each side. */
  private compare(search: LeakSearch, records: LeakingRecords, least: number): Promise<void> {
    const { ids, sizes, speaking } = records;
    return this.likeness.among(
      search,
      search.options,
      {
        layers: (at) => records.layers(at),
        ids,
        sizes,
        speaking,
        candidates: (band) => this.pool.run({ kind: 'leak-candidates', ...records.band(band) }),
        isSettled: (a, b) => records.isSettled(a, b),
        alike: (a, b, similarity) => records.witness(a, b, similarity),
      },
      least,
    );
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

import { createHash } from 'node:crypto';
import type { Database } from '#database';
import type { Layer } from '../layers.ts';
import { pagesOf } from '../record-pages.ts';
import type { RecordRepository } from '../record.repository.ts';
import type { StoredVersion } from '../record-version.entity.ts';
import type { ExportOptions } from './export.options.ts';

const PAGE = 4096;
/** Ids that are put in order at once, and the piles they are put on: none takes long to sort. */
const SHUFFLED_AT_ONCE = 1_000_000;
const PILES = 1024;
/** Values of a hash: six bytes of it, which is a safe integer. */
const HASHES = 2 ** 48;

export interface Selected extends Pick<ExportOptions, 'filter' | 'shard' | 'shuffleSeed'> {
  /** In the commit, before anything is left out. */
  records: number;
}

/** Which records go out, and in which order: decided by their ids alone, wherever they lie. */
export class RecordSelection {
  constructor(
    private readonly database: Database,
    private readonly records: RecordRepository,
  ) {}

  /** Rows in the order of the export, in batches of no more bytes and rows than asked for. */
  async *batches(
    tenantId: string,
    layers: readonly Layer[],
    selected: Selected,
    limits: { bytes: number; rows: number },
  ): AsyncGenerator<StoredVersion[]> {
    const pages =
      selected.shuffleSeed === undefined
        ? this.pages(tenantId, layers, selected)
        : this.shuffled(tenantId, layers, selected, selected.shuffleSeed);
    let batch: StoredVersion[] = [];
    let bytes = 0;
    for await (const page of pages) {
      for (const row of page) {
        if (batch.length > 0 && (batch.length === limits.rows || bytes + row.bytes > limits.bytes)) {
          yield batch;
          [batch, bytes] = [[], 0];
        }
        batch.push(row);
        bytes += row.bytes;
      }
    }
    if (batch.length > 0) yield batch;
  }

  /** In the order they came in. The next page is fetched while one is looked at. */
  private async *pages(
    tenantId: string,
    layers: readonly Layer[],
    selected: Selected,
  ): AsyncGenerator<StoredVersion[]> {
    const { filter, shard } = selected;
    for await (const page of pagesOf(this.database, this.records, { tenantId, layers, filter }, PAGE))
      yield shard ? page.filter(({ recordId }) => hashOf('shard', recordId) % shard.of === shard.index) : page;
  }

  private async *shuffled(
    tenantId: string,
    layers: readonly Layer[],
    selected: Selected,
    seed: string,
  ): AsyncGenerator<StoredVersion[]> {
    // How often all ids are gone over, so that never too many are held.
    const rounds = Math.max(1, Math.ceil(selected.records / SHUFFLED_AT_ONCE));
    for (let round = 0; round < rounds; round += 1) {
      const piles = await this.piles(tenantId, layers, selected, { seed, round, rounds });
      for (const ids of inPages(piles)) {
        const rows = await this.database.inTenant(tenantId, () => this.records.findAll(layers, ids));
        const byId = new Map(rows.map((row) => [row.recordId, row]));
        yield ids.map((id) => byId.get(id)!);
      }
    }
  }

  /** The ids of one round, roughly in order: each pile is to be sorted yet. */
  private async piles(
    tenantId: string,
    layers: readonly Layer[],
    selected: Selected,
    { seed, round, rounds }: { seed: string; round: number; rounds: number },
  ): Promise<[number, string][][]> {
    const piles = Array.from({ length: PILES }, (): [number, string][] => []);
    for await (const page of this.pages(tenantId, layers, selected)) {
      for (const { recordId } of page) {
        const hash = hashOf(`shuffle ${seed}`, recordId);
        const place = (hash / HASHES) * rounds - round;
        if (place >= 0 && place < 1) piles[Math.floor(place * PILES)]!.push([hash, recordId]);
      }
    }
    return piles;
  }
}

/** The ids of all piles in order, as many at once as are looked up at once. */
function* inPages(piles: readonly [number, string][][]): Generator<string[]> {
  let page: string[] = [];
  for (const pile of piles) {
    pile.sort(([a, x], [b, y]) => a - b || (x < y ? -1 : 1));
    for (const [, id] of pile) {
      page.push(id);
      if (page.length < PAGE) continue;
      yield page;
      page = [];
    }
  }
  if (page.length > 0) yield page;
}

/** Of an id for one purpose: nobody's choice, and the same everywhere. */
function hashOf(purpose: string, id: string): number {
  return createHash('sha256').update(`${purpose}\0${id}`).digest().readUIntBE(0, 6);
}

import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Audit } from '#audit';
import type { Database } from '#database';
import { type Clock, showId } from '#kernel';
import { BlobExists, type BlobStore } from '#storage';
import type { Bundles, EntryRange } from './bundles.ts';

/** Whose day it is. The first tenant's files carry the day alone. */
export interface ExportTenant {
  id: string;
  slug: string;
}

const DAY_MS = 24 * 3600 * 1000;
/** What was sealed at midnight is committed by then, also where clocks differ. */
const SETTLED_MS = 5 * 60 * 1000;
/** How far back missing days are made up for. */
const DAYS = 7;
/** Entries in one object: a few megabytes, packed. A busier day has several. */
const PART = 20_000;

const pack = promisify(gzip);

/** Every day that is over as signed bundles in the object storage: `YYYYMMDD.json.gz`. */
export class DailyExport {
  /** Days that are done, by tenant: so that they are looked up once. */
  readonly #done = new Set<string>();
  readonly #database: Database;
  readonly #bundles: Bundles;
  readonly #store: BlobStore;
  readonly #audit: Audit;
  readonly #clock: Clock;

  constructor(database: Database, bundles: Bundles, store: BlobStore, audit: Audit, clock: Clock) {
    this.#database = database;
    this.#bundles = bundles;
    this.#store = store;
    this.#audit = audit;
    this.#clock = clock;
  }

  /** Writes the days that are missing, and gives their names. Two that do it at once write the same. */
  async bringUp(tenant: ExportTenant): Promise<string[]> {
    const written: string[] = [];
    const settled = this.#clock.now().getTime() - SETTLED_MS;
    const today = settled - (settled % DAY_MS);
    for (let start = today - DAYS * DAY_MS; start < today; start += DAY_MS) {
      const mark = `${tenant.id} ${start}`;
      if (this.#done.has(mark)) continue;
      written.push(...(await this.#day(tenant, start)));
      this.#done.add(mark);
    }
    return written;
  }

  async #day(tenant: ExportTenant, start: number): Promise<string[]> {
    const written: string[] = [];
    const { first, last } = await this.#bundles.range(tenant.id, new Date(start), new Date(start + DAY_MS));
    for (let from = first, part = 1; from <= last; from += PART, part += 1) {
      const key = keyOf(tenant, start, part);
      if (await this.#has(key)) continue;
      await this.#write(tenant, key, { first: from, last: Math.min(last, from + PART - 1) });
      written.push(key);
    }
    return written;
  }

  async #write(tenant: ExportTenant, key: string, range: EntryRange): Promise<void> {
    const pieces: string[] = [];
    for await (const piece of this.#bundles.pieces(tenant.id, range)) pieces.push(piece);
    const bytes = await pack(pieces.join(''));
    const actor = { id: null, tenantId: tenant.id };
    const entry = { action: 'audit.export', resource: showId('ten', tenant.id), details: { ...range, object: key } };
    await this.#database.inTenant(tenant.id, () => this.#audit.append(actor, entry));
    await this.#store.put(key, bytes).catch((error: unknown) => {
      // Another process was quicker. Its bundle holds the same entries and was signed a moment earlier.
      if (!(error instanceof BlobExists)) throw error;
    });
  }

  async #has(key: string): Promise<boolean> {
    for await (const blob of this.#store.list(key)) return blob.key === key;
    return false;
  }
}

function keyOf({ id, slug }: ExportTenant, start: number, part: number): string {
  const day = new Date(start).toISOString().slice(0, 10).replaceAll('-', '');
  const whose = slug === 'default' ? '' : `.${showId('ten', id)}`;
  return `${day}${whose}${part === 1 ? '' : `.${part}`}.json.gz`;
}

import { checkpointLine, parseCheckpoint } from '#audit-chain';
import type { Database } from '#database';
import { type Clock, showId } from '#kernel';
import { BlobNotFound, type BlobStore } from '#storage';
import type { CheckpointRepository, SignedCheckpoint } from './checkpoint.repository.ts';

const DAY_MS = 24 * 3600 * 1000;
const AT_ONCE = 100;

/**
 * Copies of checkpoints outside of the database: who rewrites or cuts the chain there, and signs it anew, would have to
 * change these too. They are stored under their day, so that the latest are found without listing all.
 */
export class Anchors {
  /** Up to which checkpoint everything is anchored, by tenant. */
  readonly #done = new Map<string, number>();
  readonly #database: Database;
  readonly #checkpoints: CheckpointRepository;
  readonly #store: BlobStore;
  readonly #clock: Clock;

  constructor(database: Database, checkpoints: CheckpointRepository, store: BlobStore, clock: Clock) {
    this.#database = database;
    this.#checkpoints = checkpoints;
    this.#store = store;
    this.#clock = clock;
  }

  /** Stores what is not stored yet, of the last week. Storing a thing twice does no harm. @throws StorageUnavailable */
  async bringUp(tenantId: string): Promise<void> {
    const since = new Date(this.#clock.now().getTime() - 7 * DAY_MS);
    for (;;) {
      const after = this.#done.get(tenantId) ?? 0;
      const missing = await this.#database.inTenant(tenantId, () =>
        this.#checkpoints.after(tenantId, after, since, AT_ONCE),
      );
      if (missing.length === 0) return;
      const there = after === 0 ? await this.#thereSince(tenantId, missing[0]!) : new Set<string>();
      for (const each of missing) {
        const key = keyOf(each);
        if (!there.has(key)) await this.#store.put(key, bytesOf(each));
        this.#done.set(tenantId, each.checkpoint.number);
      }
    }
  }

  /**
   * The newest anchored checkpoint, looked for from the day of `from` on: what the database should know of, whatever it
   * says by now.
   *
   * @throws StorageUnavailable
   */
  async newest(tenantId: string, from: SignedCheckpoint | null): Promise<SignedCheckpoint | null> {
    const after = from ? dayOf(new Date(Date.parse(from.checkpoint.at) - DAY_MS).toISOString()) : '';
    let newest = '';
    for await (const { key } of this.#store.list('', after)) if (key.includes(marked(tenantId))) newest = key;
    if (!newest) return null;
    const bytes = await this.#store.get(newest).catch((error: unknown) => {
      if (error instanceof BlobNotFound) return null;
      throw error;
    });
    return bytes && parseCheckpoint(Buffer.from(bytes).toString('utf8').trimEnd());
  }

  async #thereSince(tenantId: string, first: SignedCheckpoint): Promise<Set<string>> {
    const keys = new Set<string>();
    for await (const { key } of this.#store.list('', dayOf(first.checkpoint.at))) {
      if (key.includes(marked(tenantId))) keys.add(key);
    }
    return keys;
  }
}

/** `20260131.ten_….0000000042` */
function keyOf({ checkpoint: { at, tenant, number } }: SignedCheckpoint): string {
  return `${dayOf(at)}.${tenant}.${String(number).padStart(10, '0')}`;
}

function dayOf(iso: string): string {
  return iso.slice(0, 10).replaceAll('-', '');
}

function marked(tenantId: string): string {
  return `.${showId('ten', tenantId)}.`;
}

function bytesOf({ checkpoint, signature }: SignedCheckpoint): Buffer {
  return Buffer.from(`${checkpointLine(checkpoint, signature)}\n`);
}

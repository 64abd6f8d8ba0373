import { createHmac } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { ENTRY_PAGE, entryHash, eventText, genesisOf } from '#audit-chain';
import type { KeyService } from '#crypto';
import type { Database } from '#database';
import { secretKey, showId } from '#kernel';
import type { ChainHead, ChainRepository, NewEntry, Unsealed } from './chain.repository.ts';

/** How long somebody who needs the chain complete waits for another process that is at it. */
const PATIENCE_MS = 10_000;
const KEYS_KEPT = 1000;

/** Over an entry's hash, under a key that is not in the database. */
export function macOf(key: Uint8Array, hash: string): string {
  return createHmac('sha256', secretKey(key)).update(`ldv-audit-mac/1\n${hash}\n`).digest('hex');
}

/**
 * Puts committed events into their tenant's chain. Whoever writes an event never waits for this, and is never waited
 * for: the sealer takes what is visible. What becomes visible late, because its transaction took long, is not lost: the
 * horizon is the number below which no transaction is under way any more, and only from there on is looked at again.
 */
export class Sealer {
  readonly #database: Database;
  readonly #chain: ChainRepository;
  readonly #keys: KeyService;
  readonly #macKeys = new Map<string, Uint8Array>();

  constructor(database: Database, chain: ChainRepository, keys: KeyService) {
    this.#database = database;
    this.#chain = chain;
    this.#keys = keys;
  }

  /** Seals what there is. False when another process is at it, which then does it. */
  async seal(tenantId: string): Promise<boolean> {
    if (!(await this.#isBehind(tenantId))) return true;
    const key = await this.macKey(tenantId);
    for (;;) {
      const sealed = await this.#database.inTenant(tenantId, () => this.#batch(tenantId, key));
      if (sealed === null) return false;
      if (sealed < ENTRY_PAGE) return true;
    }
  }

  /** Returns once everything that was committed before is in the chain. */
  async sealAll(tenantId: string): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS;
    while (!(await this.seal(tenantId)) && performance.now() < deadline) await delay(50);
  }

  /** The tenant's key for `macOf`; it is the same for ever. */
  async macKey(tenantId: string): Promise<Uint8Array> {
    const known = this.#macKeys.get(tenantId);
    if (known) return known;
    const key = await this.#keys.tenantSecret(tenantId, 'audit');
    if (this.#macKeys.size >= KEYS_KEPT) this.forgetKeys();
    this.#macKeys.set(tenantId, key);
    return key;
  }

  forgetKeys(): void {
    this.#macKeys.clear();
  }

  /** Asked without the lock: most of the time there is nothing to do. */
  #isBehind(tenantId: string): Promise<boolean> {
    return this.#database.inTenant(tenantId, async () => {
      const head = await this.#chain.head(tenantId);
      return this.#chain.hasUnsealed(tenantId, head);
    });
  }

  async #batch(tenantId: string, key: Uint8Array): Promise<number | null> {
    if (!(await this.#chain.lock(tenantId))) return null;
    const head = await this.#chain.head(tenantId);
    const events = await this.#chain.unsealed(tenantId, head, ENTRY_PAGE);
    if (events.length > 0) await this.#chain.insert(tenantId, entriesOf(showId('ten', tenantId), head, events, key));
    return events.length;
  }
}

function entriesOf(tenant: string, head: ChainHead | null, events: readonly Unsealed[], key: Uint8Array): NewEntry[] {
  let prev = head?.hash ?? genesisOf(tenant);
  let seq = head?.seq ?? 0;
  const horizon = horizonOf(events);
  return events.map((event) => {
    seq += 1;
    const entry = { seq, sealedAt: event.now, event: eventText(event) };
    const digest = entryHash(tenant, prev, entry);
    const made = { seq, sealedAt: event.now, eventId: event.id, prev, hash: digest, mac: macOf(key, digest), horizon };
    prev = digest;
    return made;
  });
}

/** A full batch may have left some out: those of its last transaction, and later ones. */
function horizonOf(events: readonly Unsealed[]): number {
  const { settled, xid } = events.at(-1)!;
  return events.length < ENTRY_PAGE ? settled : Math.min(settled, xid);
}

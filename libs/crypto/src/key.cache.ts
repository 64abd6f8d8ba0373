import type { Clock } from '#kernel';

export interface CacheLimits {
  size: number;
  ttlSeconds: number;
}

/**
 * Keys in memory, few and for a short time: the least recently used goes first, and none stays longer than its time.
 * What goes is overwritten with zeros, so keys handed out are copies.
 */
export class KeyCache {
  readonly #entries = new Map<string, { key: Uint8Array; since: number }>();
  readonly #limits: CacheLimits;
  readonly #clock: Clock;

  constructor(limits: CacheLimits, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** A copy of the key, which the caller owns. */
  get(name: string): Uint8Array | undefined {
    const entry = this.#entries.get(name);
    if (!entry) return undefined;
    const age = this.#clock.now().getTime() - entry.since;
    // A clock set back would otherwise keep a key for as long as it was set back.
    if (age < 0 || age >= this.#limits.ttlSeconds * 1000) {
      this.delete(name);
      return undefined;
    }
    this.#entries.delete(name);
    this.#entries.set(name, entry);
    return entry.key.slice();
  }

  /** Keeps a copy of `key`. */
  set(name: string, key: Uint8Array): void {
    this.delete(name);
    this.#entries.set(name, { key: key.slice(), since: this.#clock.now().getTime() });
    if (this.#entries.size <= this.#limits.size) return;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.delete(oldest);
  }

  delete(name: string): void {
    this.#entries.get(name)?.key.fill(0);
    this.#entries.delete(name);
  }

  clear(): void {
    for (const name of this.#entries.keys()) this.delete(name);
  }
}

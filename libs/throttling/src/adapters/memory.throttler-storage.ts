import type { Clock } from '#kernel';
import { type RateLimitRecord, type RateLimitStatus, RateLimitStore, recordOf } from '../rate-limit.store.ts';

/** Callers remembered at most: about 10 MB, so that a flood of addresses cannot fill the memory. */
const MOST_CALLERS = 50_000;

/**
 * Counts in this process, by the generic cell rate algorithm (ITU-T I.371): for each caller only the time at which its
 * bucket will be whole again.
 */
export class MemoryThrottlerStorage extends RateLimitStore {
  private readonly clock: Clock;
  private readonly mostCallers: number;
  private readonly wholeAt = new Map<string, number>();

  constructor(clock: Clock, mostCallers: number = MOST_CALLERS) {
    super();
    this.clock = clock;
    this.mostCallers = mostCallers;
  }

  override async increment(key: string, ttl: number, limit: number): Promise<RateLimitRecord> {
    const now = this.clock.now().getTime();
    const before = this.before(key, now, ttl);
    const after = before + ttl / limit;
    const waitMs = after - now - ttl;
    // A thousandth of a millisecond is the noise of the division, no reason to refuse the last place.
    if (waitMs > 0.001) return recordOf(ttl, limit, before - now, waitMs);
    // Taken out and put in again, the keys are in the order of their last use.
    this.wholeAt.delete(key);
    this.wholeAt.set(key, after);
    this.forgetSome(now);
    return recordOf(ttl, limit, after - now, 0);
  }

  /** There is nobody to tell. */
  override async report(): Promise<number> {
    return 1;
  }

  override async status(): Promise<RateLimitStatus> {
    return { status: 'healthy', latency_ms: 0, shared: false, degraded: false };
  }

  override async close(): Promise<void> {
    this.wholeAt.clear();
  }

  /** Callers whose count is kept right now. */
  get size(): number {
    return this.wholeAt.size;
  }

  /** A bucket never needs longer than `ttl`. One that would was filled before the clock was set back: it counts as whole. */
  private before(key: string, now: number, ttl: number): number {
    const wholeAt = this.wholeAt.get(key) ?? 0;
    return wholeAt > now && wholeAt - now <= ttl + 1 ? wholeAt : now;
  }

  /** Two a request from the oldest on: the map shrinks while it is used, and no request pays for many. */
  private forgetSome(now: number): void {
    let left = 2;
    for (const [key, at] of this.wholeAt) {
      if (left === 0 || (at > now && this.wholeAt.size <= this.mostCallers)) return;
      this.wholeAt.delete(key);
      left -= 1;
    }
  }
}

import type { Clock, Log } from '#kernel';
import { type RateLimitRecord, type RateLimitStatus, RateLimitStore } from './rate-limit.store.ts';

/** How long nobody asks again after a failure: a store that hangs costs one request a second its patience, not all of them. */
const PAUSE_MS = 1000;

/**
 * Counts in a shared store, and in a local one while that is away or slow: a limit that each replica holds for itself is
 * better than none, and than refusing everyone. Each replica then gives its share, so that together they give no more
 * than the limit. Goes back by itself; one line in the log each way.
 */
export class FallbackThrottlerStorage extends RateLimitStore {
  private readonly shared: RateLimitStore;
  private readonly local: RateLimitStore;
  private readonly clock: Clock;
  private readonly log: Log;
  /** When the shared store failed or was last asked since then; null while it answers. */
  private failedAt: number | null = null;
  /** How many counted together when the shared store was last there. */
  private replicas = 1;

  constructor(shared: RateLimitStore, local: RateLimitStore, clock: Clock, log: Log) {
    super();
    this.shared = shared;
    this.local = local;
    this.clock = clock;
    this.log = log;
  }

  override async increment(...call: Parameters<RateLimitStore['increment']>): Promise<RateLimitRecord> {
    if (this.failedAt !== null) {
      const now = this.clock.now().getTime();
      // A clock that was set back must not make the pause longer.
      if (Math.abs(now - this.failedAt) < PAUSE_MS) return this.countLocally(call);
      // Set before the answer is there, so that only this request tries.
      this.failedAt = now;
    }
    try {
      const record = await this.shared.increment(...call);
      this.isBack();
      return record;
    } catch {
      // The client's error may hold the command, and with it who called; that it failed is all there is to know.
      this.isAway();
      return this.countLocally(call);
    }
  }

  /** @throws whatever the shared store does when it is away */
  override async report(...call: Parameters<RateLimitStore['report']>): Promise<number> {
    this.replicas = Math.max(1, await this.shared.report(...call));
    return this.replicas;
  }

  override async status(): Promise<RateLimitStatus> {
    const status = await this.shared.status();
    if (status.status === 'healthy') this.isBack();
    else this.isAway();
    return { ...status, degraded: this.failedAt !== null };
  }

  override async close(): Promise<void> {
    await Promise.all([this.shared.close(), this.local.close()]);
  }

  private async countLocally([key, ttl, limit, blockDuration, name]: Parameters<
    RateLimitStore['increment']
  >): Promise<RateLimitRecord> {
    const share = Math.max(1, Math.floor(limit / this.replicas));
    const record = await this.local.increment(key, ttl, share, blockDuration, name);
    // What the others may give counts as taken, so that `limit` minus the hits is still what is left.
    return { ...record, totalHits: record.totalHits + limit - share };
  }

  private isAway(): void {
    if (this.failedAt === null) {
      this.log.warn({ event_type: 'rate_limit_degraded' }, 'rate limits are counted locally');
    }
    this.failedAt = this.clock.now().getTime();
  }

  private isBack(): void {
    if (this.failedAt !== null) {
      this.log.info({ event_type: 'rate_limit_restored' }, 'rate limits are counted together again');
    }
    this.failedAt = null;
  }
}

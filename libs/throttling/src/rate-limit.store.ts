import type { ThrottlerStorage } from '@nestjs/throttler';
import type { RateLimitReport } from './rate-limit.report.ts';

export type RateLimitRecord = Awaited<ReturnType<ThrottlerStorage['increment']>>;

export interface RateLimitStatus {
  status: 'healthy' | 'unhealthy';
  latency_ms: number;
  /** Whether the replicas are meant to count together. */
  shared: boolean;
  /** Each replica counts for itself, because the place where they count together is away or slow. */
  degraded: boolean;
}

/**
 * Port. Nest's own `ThrottlerStorage`, and how it is doing. Every adapter passes `throttler-storage.contract.ts`.
 *
 * `increment` counts as a bucket of `limit` requests that fills up evenly within `ttl` ms, so there is no border between
 * two windows at which a caller gets twice the limit. A refused request takes nothing from the bucket, and `blockDuration`
 * is not used: a caller waits for the next free place and no longer. Times in the record are whole seconds, as in HTTP.
 */
export abstract class RateLimitStore implements ThrottlerStorage {
  abstract increment(
    key: string,
    ttl: number,
    limit: number,
    blockDuration: number,
    name: string,
  ): Promise<RateLimitRecord>;
  /** Tells what one replica counted in the last minute. Gives how many replicas count together, this one included. */
  abstract report(replica: string, report: RateLimitReport): Promise<number>;
  /** Never throws: being away is an answer. */
  abstract status(): Promise<RateLimitStatus>;
  abstract close(): Promise<void>;
}

/** The noise of floating point in a number of requests; no reason to call one request two. */
const NOISE = 1e-3;

/** A count as Nest wants it: `filledMs` is how long the bucket needs to be whole again, `waitMs` until there is a place. */
export function recordOf(ttl: number, limit: number, filledMs: number, waitMs: number): RateLimitRecord {
  const isBlocked = waitMs > 0;
  return {
    totalHits: isBlocked ? limit + 1 : Math.min(limit, Math.ceil((filledMs * limit) / ttl - NOISE)),
    timeToExpire: Math.ceil(filledMs / 1000),
    isBlocked,
    timeToBlockExpire: Math.ceil(waitMs / 1000),
  };
}

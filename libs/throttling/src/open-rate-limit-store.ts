import type { Clock, Log } from '#kernel';
import { MemoryThrottlerStorage } from './adapters/memory.throttler-storage.ts';
import { RedisThrottlerStorage } from './adapters/redis.throttler-storage.ts';
import { FallbackThrottlerStorage } from './fallback.throttler-storage.ts';
import type { RateLimitStore } from './rate-limit.store.ts';

/** Counts in Redis, and in memory while that is away or none is set. */
export function openRateLimitStore(redisUrl: string | undefined, clock: Clock, log: Log): RateLimitStore {
  const local = new MemoryThrottlerStorage(clock);
  if (!redisUrl) return local;
  return new FallbackThrottlerStorage(new RedisThrottlerStorage(redisUrl), local, clock, log);
}

import { type Clock, isUuid, showId } from '#kernel';
import type { RateLimitRecord, RateLimitStore } from './rate-limit.store.ts';
import type { RateLimitTally } from './rate-limit.tally.ts';
import { TooManyRequests } from './throttling.errors.ts';

/** Port. Counts for the metrics. */
export abstract class RateLimitCounters {
  /** @param limit the class that was hit: `default`, `sign-in`, `pii` or `export`. */
  abstract rejected(limit: string, scope: CallerScope): void;
}

export const CALLER_SCOPES = ['user', 'address'] as const;
export type CallerScope = (typeof CALLER_SCOPES)[number];

/** Whose bucket a request is taken from. */
export interface RateLimitCaller {
  scope: CallerScope;
  id: string;
}

export interface RateLimiterParts {
  store: RateLimitStore;
  tally: RateLimitTally;
  clock: Clock;
  counters?: RateLimitCounters;
}

/** Takes a place for a request, counts it, and says what the answer's headers are to tell. */
export class RateLimiter {
  private readonly parts: RateLimiterParts;

  constructor(parts: RateLimiterParts) {
    this.parts = parts;
  }

  /**
   * One bucket for a caller over all routes of a limit: counted route by route a caller would get the limit as often as
   * there are routes.
   *
   * @param tell takes the headers, which are on the answer whether it is refused or not
   * @throws TooManyRequests
   */
  async take(
    { name, limit, ttl }: { name: string; limit: number; ttl: number },
    { scope, id }: RateLimitCaller,
    tell: (headers: Record<string, number>) => void,
  ): Promise<void> {
    const { store, tally, counters } = this.parts;
    const record = await store.increment(`${name}:${id}`, ttl, limit, ttl, name);
    tell(this.headers(limit, record));
    if (!record.isBlocked) return tally.allowed(name);
    tally.limited(name, scope === 'user' && isUuid(id) ? showId('usr', id) : id);
    counters?.rejected(name, scope);
    throw new TooManyRequests().with({ retryAfter: record.timeToBlockExpire });
  }

  private headers(limit: number, { totalHits, timeToExpire }: RateLimitRecord): Record<string, number> {
    const remaining = Math.max(0, limit - totalHits);
    const now = Math.floor(this.parts.clock.now().getTime() / 1000);
    return {
      'RateLimit-Limit': limit,
      'RateLimit-Remaining': remaining,
      'RateLimit-Reset': timeToExpire,
      // The older names, whose reset is a point in time (seconds since 1970) and not a number of seconds from now.
      'X-RateLimit-Limit': limit,
      'X-RateLimit-Remaining': remaining,
      'X-RateLimit-Reset': now + timeToExpire,
    };
  }
}

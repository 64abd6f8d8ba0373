import { type Clock, isUuid, showId } from '#kernel';
import type { RateLimit } from './rate-limits.ts';
import type { RateLimitRecord, RateLimitStore } from './rate-limit.store.ts';
import type { RateLimitTally } from './rate-limit.tally.ts';
import { TooManyRequests } from './throttling.errors.ts';

/** What ids begin with when they are shown. */
const SHOWN = { user: 'usr', key: 'key', tenant: 'ten' };

/** Port. Counts for the metrics. */
export abstract class RateLimitCounters {
  /** @param limit the class of the request, one of `RATE_LIMIT_CLASSES` */
  abstract rejected(limit: string, scope: CallerScope): void;
}

/** Whose limit it can be. */
export const CALLER_SCOPES = ['user', 'key', 'address', 'tenant'] as const;
export type CallerScope = (typeof CALLER_SCOPES)[number];

/** Whose bucket a request is taken from: a user's, an API key's, an address's; and that of the tenant, if there is one. */
export interface RateLimitCaller {
  scope: Exclude<CallerScope, 'tenant'>;
  id: string;
  tenantId?: string;
}

export interface RateLimiterParts {
  store: RateLimitStore;
  tally: RateLimitTally;
  clock: Clock;
  /** What everyone in a tenant may ask together. */
  tenantLimit: RateLimit;
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
    limit: RateLimit,
    caller: RateLimitCaller,
    tell: (headers: Record<string, number>) => void,
  ): Promise<void> {
    const { tally } = this.parts;
    const [own, tenant] = await Promise.all([this.place(limit, caller.id), this.tenantPlace(caller)]);
    // The headers are of the bucket that says no; of the caller's own while both say yes.
    if (own.isBlocked || !tenant?.isBlocked) tell(this.headers(limit.limit, own));
    else tell(this.headers(this.parts.tenantLimit.limit, tenant));
    if (own.isBlocked) this.refuse(limit.name, caller, own);
    if (tenant?.isBlocked) this.refuse(limit.name, { scope: 'tenant', id: caller.tenantId! }, tenant);
    tally.allowed(limit.name);
  }

  private place({ name, limit, ttl }: RateLimit, id: string): Promise<RateLimitRecord> {
    return this.parts.store.increment(`${name}:${id}`, ttl, limit, ttl, name);
  }

  private async tenantPlace({ tenantId }: RateLimitCaller): Promise<RateLimitRecord | null> {
    return tenantId === undefined ? null : this.place(this.parts.tenantLimit, tenantId);
  }

  private refuse(name: string, { scope, id }: { scope: CallerScope; id: string }, record: RateLimitRecord): never {
    const { tally, counters } = this.parts;
    tally.limited(name, scope !== 'address' && isUuid(id) ? showId(SHOWN[scope], id) : id);
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

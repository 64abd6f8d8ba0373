import type { ExecutionContext } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import { ThrottlerGuard } from '@nestjs/throttler';
import { isByAddress, type RateLimit, type RateLimitClass } from './rate-limits.ts';
import type { RateLimitStore } from './rate-limit.store.ts';
import type { RateLimitCaller, RateLimiter } from './rate-limiter.ts';

/** What the guard reads of a request of Fastify. */
interface Asked {
  ip: string;
  method: string;
  headers: Record<string, string | string[] | undefined>;
  routeOptions?: { url?: string };
}

/** Port. Who sent a request, for a guard that stands before the one that lets people in. */
export abstract class RateLimitCallers {
  /**
   * The user whose valid token the headers carry, or the API key; null for anyone else. Must be cheap, and must check
   * the credential: whoever could name a new caller with each request would have no limit.
   */
  abstract identify(headers: Record<string, string | string[] | undefined>): Promise<RateLimitCaller | null>;
}

export interface RateLimitGuardParts {
  store: RateLimitStore;
  limiter: RateLimiter;
  limits: readonly RateLimit<RateLimitClass>[];
  /** Which of the limits a request is under; null for none. `path` is the route's template. */
  limitOf: (method: string, path: string) => RateLimitClass | null;
  callers?: RateLimitCallers;
}

/** Refuses callers who ask too often, and tells everyone on every answer how much is left. */
export class RateLimitGuard extends ThrottlerGuard {
  private readonly parts: RateLimitGuardParts;
  private readonly limits: ReadonlyMap<RateLimitClass, RateLimit<RateLimitClass>>;

  constructor(reflector: Reflector, parts: RateLimitGuardParts) {
    const throttlers = parts.limits.map(({ name, limit, ttl }) => ({ name, limit, ttl }));
    super({ throttlers }, parts.store, reflector);
    this.parts = parts;
    this.limits = new Map(parts.limits.map((limit) => [limit.name, limit]));
  }

  /**
   * A request is under one limit at the most, which its route says: the others are not asked whether they are meant.
   *
   * @throws TooManyRequests
   */
  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const { req, res } = this.getRequestResponse(context);
    const request = req as unknown as Asked;
    const name = this.parts.limitOf(request.method, request.routeOptions?.url ?? '');
    if (name === null) return true;
    await this.take(this.limits.get(name)!, request, (headers) => {
      for (const [header, value] of Object.entries(headers)) this.setResponseHeader(res, header, value);
    });
    return true;
  }

  /**
   * For an address that leads nowhere, which no guard stands before: a read like any other.
   *
   * @throws TooManyRequests
   */
  async unmatched(request: Asked, tell: (headers: Record<string, number>) => void): Promise<void> {
    await this.take(this.limits.get('read')!, request, tell);
  }

  private async take(limit: RateLimit, request: Asked, tell: (headers: Record<string, number>) => void): Promise<void> {
    await this.parts.limiter.take(limit, await this.callerOf(request, limit.name), tell);
  }

  /** Whoever has signed in is one caller from wherever; everyone else is where they call from (an IPv6 network is one). */
  private async callerOf(request: Asked, name: string): Promise<RateLimitCaller> {
    const known = isByAddress(name) ? null : await this.parts.callers?.identify(request.headers);
    return known ?? { scope: 'address', id: await this.getTracker({ ip: request.ip }) };
  }
}

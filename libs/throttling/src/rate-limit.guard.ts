import type { ExecutionContext } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import { ThrottlerGuard, type ThrottlerRequest } from '@nestjs/throttler';
import type { Principal } from '#kernel';
import type { RateLimit, RateLimitClass } from './rate-limits.ts';
import type { RateLimitStore } from './rate-limit.store.ts';
import type { RateLimitCaller, RateLimiter } from './rate-limiter.ts';

/** What the guard reads of a request of Fastify. */
interface Asked {
  ip: string;
  headers: Record<string, string | string[] | undefined>;
  principal?: Principal;
  routeOptions?: { url?: string };
}

/** Port. Who sent a request, for a guard that stands before the one that lets people in. */
export abstract class RateLimitCallers {
  /**
   * UUID of the user whose valid token the headers carry; null for anyone else. Must be cheap, and must check the
   * token: whoever could name a new caller with each request would have no limit.
   */
  abstract identify(headers: Record<string, string | string[] | undefined>): Promise<string | null>;
}

export interface RateLimitGuardParts {
  store: RateLimitStore;
  limiter: RateLimiter;
  limits: readonly RateLimit[];
  /** Which of the limits a route is under; null for none. `path` is the route's template. */
  limitOf: (path: string) => RateLimitClass | null;
  callers?: RateLimitCallers;
}

/** Refuses callers who ask too often, and tells everyone on every answer how much is left. */
export class RateLimitGuard extends ThrottlerGuard {
  private readonly parts: RateLimitGuardParts;

  constructor(reflector: Reflector, parts: RateLimitGuardParts) {
    const skipOthers = (name: RateLimitClass) => (context: ExecutionContext) => {
      const { routeOptions } = context.switchToHttp().getRequest<Asked>();
      return parts.limitOf(routeOptions?.url ?? '') !== name;
    };
    const throttlers = parts.limits.map(({ name, limit, ttl }) => ({ name, limit, ttl, skipIf: skipOthers(name) }));
    super({ throttlers }, parts.store, reflector);
    this.parts = parts;
  }

  /** @throws TooManyRequests */
  protected override async handleRequest({ context, limit, ttl, throttler }: ThrottlerRequest): Promise<boolean> {
    const { req, res } = this.getRequestResponse(context);
    const name = throttler.name ?? 'default';
    const caller = await this.callerOf(req as unknown as Asked, name);
    await this.parts.limiter.take({ name, limit, ttl }, caller, (headers) => {
      for (const [header, value] of Object.entries(headers)) this.setResponseHeader(res, header, value);
    });
    return true;
  }

  /** Whoever has signed in is one caller from wherever; everyone else is where they call from (an IPv6 network is one). */
  private async callerOf(request: Asked, name: string): Promise<RateLimitCaller> {
    const byAddress = this.parts.limits.some((limit) => limit.name === name && limit.byAddress);
    const user = byAddress ? null : (request.principal?.id ?? (await this.parts.callers?.identify(request.headers)));
    if (user) return { scope: 'user', id: user };
    return { scope: 'address', id: await this.getTracker({ ip: request.ip }) };
  }
}

import {
  type DynamicModule,
  Inject,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { APP_GUARD, Reflector } from '@nestjs/core';
import { Clock, Log, newId, providedBy, provided } from '#kernel';
import { openRateLimitStore } from './open-rate-limit-store.ts';
import { RateLimitCallers, RateLimitGuard } from './rate-limit.guard.ts';
import { RateLimitReporter } from './rate-limit.reporter.ts';
import { RateLimitStore } from './rate-limit.store.ts';
import { RateLimitTally } from './rate-limit.tally.ts';
import { RateLimitCounters, RateLimiter } from './rate-limiter.ts';
import { classifier, limitsOf, type RateLimitOptions, tenantLimitOf } from './rate-limits.ts';

export interface ThrottlingOptions extends RateLimitOptions {
  /** Where the replicas count together; without it this process counts for itself. */
  redisUrl?: string;
}

/**
 * A guard on every route. `Clock` and `Log` come from the application; `RateLimitCounters` too, when it wants to count,
 * and `RateLimitCallers`, when this module stands before the one that signs people in (as it should: a wrong token must
 * not be tried for free).
 */
@Module({})
export class ThrottlingModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    @Inject(RateLimitStore) private readonly store: RateLimitStore,
    @Inject(RateLimitReporter) private readonly reporter: RateLimitReporter,
  ) {}

  static forRoot(options: ThrottlingOptions): DynamicModule {
    return {
      module: ThrottlingModule,
      global: true,
      providers: [
        provided(RateLimitTally, [Clock]),
        providedBy(RateLimitStore, [Clock, Log], (clock, log) => openRateLimitStore(options.redisUrl, clock, log)),
        providedBy(
          RateLimitReporter,
          [RateLimitTally, RateLimitStore],
          (tally, store) => new RateLimitReporter(newId(), tally, store),
        ),
        {
          provide: RateLimiter,
          useFactory: (store: RateLimitStore, tally: RateLimitTally, clock: Clock, counters?: RateLimitCounters) =>
            new RateLimiter({ store, tally, clock, tenantLimit: tenantLimitOf(options), counters }),
          inject: [RateLimitStore, RateLimitTally, Clock, { token: RateLimitCounters, optional: true }],
        },
        {
          provide: RateLimitGuard,
          useFactory: (reflector: Reflector, store: RateLimitStore, limiter: RateLimiter, callers?: RateLimitCallers) =>
            new RateLimitGuard(reflector, {
              store,
              limiter,
              limits: limitsOf(options),
              limitOf: classifier(options),
              callers,
            }),
          inject: [Reflector, RateLimitStore, RateLimiter, { token: RateLimitCallers, optional: true }],
        },
        { provide: APP_GUARD, useExisting: RateLimitGuard },
      ],
      exports: [RateLimitGuard, RateLimitStore, RateLimitTally],
    };
  }

  onApplicationBootstrap(): void {
    this.reporter.start();
  }

  async onApplicationShutdown(): Promise<void> {
    this.reporter.stop();
    await this.store.close();
  }
}

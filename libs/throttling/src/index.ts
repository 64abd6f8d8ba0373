// throttling: how often one caller may ask.
export { openRateLimitStore } from './open-rate-limit-store.ts';
export { RateLimitCallers, RateLimitGuard } from './rate-limit.guard.ts';
export type { RateLimitReport } from './rate-limit.report.ts';
export { RateLimitStore } from './rate-limit.store.ts';
export type { RateLimitRecord, RateLimitStatus } from './rate-limit.store.ts';
export { RateLimitTally } from './rate-limit.tally.ts';
export { CALLER_SCOPES, RateLimitCounters } from './rate-limiter.ts';
export type { CallerScope, RateLimitCaller } from './rate-limiter.ts';
export { RATE_LIMIT_CLASSES } from './rate-limits.ts';
export { throttlingConfig } from './throttling.config.ts';
export { TooManyRequests } from './throttling.errors.ts';
export { ThrottlingModule } from './throttling.module.ts';
export type { ThrottlingOptions } from './throttling.module.ts';

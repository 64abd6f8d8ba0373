// idempotency: a request that is sent again is answered as the first time, and done once.
export { Idempotency } from './idempotency.ts';
export type { AskedOnce } from './idempotency.ts';
export { IdempotencyRow } from './idempotency-row.entity.ts';
export { IdempotencyKeyMalformed, IdempotencyKeyReused } from './idempotency.errors.ts';

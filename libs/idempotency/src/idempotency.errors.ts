import { defineError } from '#kernel';

export const IdempotencyKeyMalformed = defineError(
  'idempotency-key-malformed',
  'malformed',
  () => 'Idempotency-Key is 1 to 255 printable ASCII characters.',
);
export const IdempotencyKeyReused = defineError(
  'idempotency-key-reused',
  'invalid',
  () => 'This Idempotency-Key belongs to another request. Use a new one.',
);

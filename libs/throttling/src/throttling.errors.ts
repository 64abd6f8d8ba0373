import { defineError } from '#kernel';

/** Carries `retryAfter`: the seconds until one more request is taken. */
export const TooManyRequests = defineError(
  'too-many-requests',
  'too-many',
  () => 'You are asking too often. Wait, and try again.',
);

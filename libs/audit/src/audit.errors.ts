import { defineError } from '#kernel';

/** Carries `retryAfter`. Nothing of what was asked for has been done. */
export const AuditUnavailable = defineError(
  'audit-unavailable',
  'unavailable',
  () => 'The audit cannot be written at the moment, and what cannot be logged does not happen.',
);

import { defineError } from '#kernel';

/** Carries `retryAfter`, in seconds. */
export const MaintenanceInForce = defineError(
  'maintenance',
  'unavailable',
  () => 'The vault is under maintenance: for now it is read and not written.',
);

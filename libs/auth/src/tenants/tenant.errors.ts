import { defineError } from '#kernel';

export const TenantNotFound = defineError('tenant-not-found', 'not-found', () => 'There is no such tenant.');
export const TenantSlugTaken = defineError(
  'tenant-slug-taken',
  'conflict',
  () => 'A tenant of that slug exists already.',
);

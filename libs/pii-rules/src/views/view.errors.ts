import { defineError } from '#kernel';

export const ViewNotFound = defineError('view-not-found', 'not-found', () => 'There is no such view.');
export const ViewNameTaken = defineError('view-name-taken', 'conflict', () => 'A view of that name exists already.');
export const ViewUnusable = defineError(
  'view-unusable',
  'conflict',
  () => 'The view cannot be applied as it was meant, so nothing is read through it.',
);

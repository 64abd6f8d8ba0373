import { defineError } from '#kernel';

export const RefNameTaken = defineError(
  'ref-name-taken',
  'conflict',
  () => 'A branch or a tag of that name exists already.',
);
export const BranchIsDefault = defineError(
  'branch-is-default',
  'conflict',
  () => 'The default branch of a dataset cannot be deleted.',
);
export const BranchTooDeep = defineError(
  'branch-too-deep',
  'conflict',
  () => 'The ref stands on as many branches as there may be. Begin from one further down, such as the default branch.',
);
export const TagNotFound = defineError('tag-not-found', 'not-found', () => 'The dataset has no such tag.');

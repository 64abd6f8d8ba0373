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
export const MergeConflict = defineError(
  'merge-conflict',
  'conflict',
  () => 'Both sides changed the same things. Choose a side, or say for each record what it is to be.',
);
export const MergeTooLarge = defineError(
  'merge-too-large',
  'invalid',
  () => 'More than 100,000 records would change at once.',
);
export const CommitHasNoParent = defineError(
  'commit-has-no-parent',
  'invalid',
  () => 'The first commit of a dataset changes nothing that could be taken back or over.',
);
export const CommitSigned = defineError('commit-signed', 'conflict', () => 'The commit has another signature already.');
export const SignatureOfOthers = defineError(
  'signature-of-others',
  'forbidden',
  () => 'A commit is signed by who made it.',
);
export const SignatureWrong = defineError(
  'signature-wrong',
  'invalid',
  () => 'This key did not make this signature over this commit.',
);

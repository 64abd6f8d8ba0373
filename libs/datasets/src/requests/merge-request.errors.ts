import { defineError } from '#kernel';

export const MergeRequestNotFound = defineError(
  'merge-request-not-found',
  'not-found',
  () => 'The dataset has no such merge request.',
);
export const MergeRequestExists = defineError(
  'merge-request-exists',
  'conflict',
  () => 'A merge request from that branch to that branch is open already.',
);
export const MergeRequestEnded = defineError(
  'merge-request-ended',
  'conflict',
  () => 'The merge request was merged or closed meanwhile.',
);
export const NothingToMerge = defineError(
  'nothing-to-merge',
  'conflict',
  () => 'The target has everything that the source has.',
);
export const ApprovalsMissing = defineError(
  'approvals-missing',
  'conflict',
  () => 'Fewer people approved the head of the source than the target asks for.',
);
export const ChangesRequested = defineError(
  'changes-requested',
  'conflict',
  () => 'A reviewer asks for changes. The same one approves what was changed, or the review is dismissed.',
);
export const ReviewOwn = defineError(
  'review-own',
  'forbidden',
  () => 'Who opened a merge request or made a commit of it neither approves it nor dismisses what others ask for.',
);
export const ReviewNotFound = defineError(
  'review-not-found',
  'not-found',
  () => 'The merge request has no such review, or it is a comment.',
);

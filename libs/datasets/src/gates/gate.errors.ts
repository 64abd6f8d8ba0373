import { defineError } from '#kernel';

export const GateFailed = defineError(
  'gate-failed',
  'invalid',
  () => 'The commit does not pass the gates of the branch. Nothing of it was committed.',
);

import { defineError } from '#kernel';

export const FindingNotFound = defineError('finding-not-found', 'not-found', () => 'There is no such finding.');
export const FindingOutdated = defineError(
  'finding-outdated',
  'conflict',
  () => 'Which value this finding was about can no longer be told. Put the value on the allow list instead.',
);

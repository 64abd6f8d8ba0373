import { defineError } from '#kernel';

export const QuarantineItemNotFound = defineError(
  'quarantine-item-not-found',
  'not-found',
  () => 'The dataset holds back no such record.',
);
export const QuarantineEnded = defineError(
  'quarantine-ended',
  'conflict',
  () => 'The record was released or discarded already.',
);
export const QuarantineOutdated = defineError(
  'quarantine-outdated',
  'conflict',
  () =>
    'The record on the branch is no longer the one that this was to replace. Write the change again, or discard this.',
);

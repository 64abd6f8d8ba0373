import { defineError } from '#kernel';

export const SplitKeyMissing = defineError(
  'split-key-missing',
  'invalid',
  () => 'Some records do not have the key that they are to be split by. Nothing was written.',
);
export const SplitStrataTooMany = defineError(
  'split-strata-too-many',
  'invalid',
  (most: number) => `Records are stratified by something with at most ${most} values.`,
);
export const SplitTooLarge = defineError(
  'split-too-large',
  'too-large',
  (most: number) => `At most ${most} records are put into splits at once.`,
);

import { defineError } from '#kernel';

export const DuplicatesNotFound = defineError(
  'duplicates-not-found',
  'not-found',
  () => 'There is no such search for duplicates, it is not completed, or a later one took its place.',
);
export const DuplicatesTooMany = defineError(
  'duplicates-too-many',
  'too-large',
  (most: number) => `Duplicates are looked for among at most ${most} records.`,
);

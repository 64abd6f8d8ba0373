import { defineError } from '#kernel';

export const LeakageNotFound = defineError(
  'leakage-not-found',
  'not-found',
  () => 'There is no such report on leakage, it is not completed, or a later one took its place.',
);
export const LeakageTooMany = defineError(
  'leakage-too-many',
  'too-large',
  (most: number) => `Leakage is looked for among at most ${most} records.`,
);
export const LeakageSplitsTooMany = defineError(
  'leakage-splits-too-many',
  'invalid',
  (most: number) => `Leakage is looked for between at most ${most} splits.`,
);

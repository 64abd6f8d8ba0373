import { defineError } from '#kernel';

/** The name is not repeated: it may be a value that landed in the wrong field. */
export const UnknownPiiType = defineError(
  'unknown-pii-type',
  'invalid',
  () => 'There is no such type of personal data. GET /pii/types lists them.',
);

export const UnknownStrategy = defineError(
  'unknown-strategy',
  'invalid',
  () => 'There is no such anonymization strategy, or it has no such option. GET /pii/strategies lists them.',
);

export const ScanEnded = defineError('scan-ended', 'unavailable', () => 'The scan was ended before it was complete.');

/** `why` is one of the fixed texts of the parser. */
export const PatternUnsupported = defineError(
  'pattern-unsupported',
  'invalid',
  (why: string) => `The pattern cannot be used: ${why}.`,
);

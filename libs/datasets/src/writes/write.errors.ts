import { defineError } from '#kernel';

export const RecordChanged = defineError(
  'record-changed',
  'precondition-failed',
  () => 'The record is not the version that If-Match names. Read it again.',
);
export const ExternalIdTaken = defineError(
  'external-id-taken',
  'conflict',
  () => 'Another record on this branch has that external id.',
);
export const MetadataPersonal = defineError(
  'metadata-personal',
  'invalid',
  () => 'Metadata and the like are kept in plain sight, and these hold personal data. Put it into the content.',
);
export const RecordInvalid = defineError(
  'record-invalid',
  'invalid',
  () => 'The content is too long or nested too deep.',
);
export const RecordTwice = defineError(
  'record-twice',
  'invalid',
  () => 'One batch changes a record once: the first change of it was made, this one was not.',
);

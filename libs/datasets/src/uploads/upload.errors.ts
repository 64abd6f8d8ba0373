import { defineError } from '#kernel';

export const UploadNotFound = defineError(
  'upload-not-found',
  'not-found',
  () => 'There is no such upload, or it was aborted or has expired.',
);
export const UploadsTooMany = defineError(
  'uploads-too-many',
  'too-many',
  (most: number) => `There are ${most} uploads under way already. Complete or abort one.`,
);
export const UploadClosed = defineError(
  'upload-closed',
  'conflict',
  () => 'The upload is being imported, or was: it takes no more parts.',
);
export const UploadPartDiffers = defineError(
  'upload-part-differs',
  'conflict',
  () => 'That part is there already, with other bytes.',
);
export const UploadPartTooLarge = defineError(
  'upload-part-too-large',
  'too-large',
  (most: number) => `A part has at most ${most} bytes.`,
);
export const UploadPartUnsupported = defineError(
  'upload-part-unsupported',
  'unsupported-media',
  () => 'Send the bytes of the part as application/octet-stream.',
);
export const DigestMismatch = defineError(
  'digest-mismatch',
  'invalid',
  () => 'The bytes that arrived are not those that Content-Digest names.',
);
export const UploadIncomplete = defineError(
  'upload-incomplete',
  'conflict',
  () => 'Parts are missing, or their bytes do not come to the size that was announced.',
);
/** Never seen outside: whoever brings in a file a second time is told what became of it the first time. */
export class BroughtInBefore extends Error {}

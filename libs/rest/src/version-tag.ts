import { defineError } from '#kernel';

export const VersionMismatch = defineError(
  'version-mismatch',
  'precondition-failed',
  () => 'It was changed meanwhile: If-Match names another version. Read it again.',
);

/** The version in `If-Match: "3"`; undefined where none was sent or any will do. @throws VersionMismatch for what is none */
export function versionOf(ifMatch: string | undefined): number | undefined {
  if (ifMatch === undefined || ifMatch === '*') return undefined;
  const version = /^"(\d{1,9})"$/.exec(ifMatch)?.[1];
  if (version === undefined) throw new VersionMismatch();
  return Number(version);
}

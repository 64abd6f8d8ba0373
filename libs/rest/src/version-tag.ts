import { defineError } from '#kernel';
import type { Reply } from './reply.ts';

export const VersionMismatch = defineError(
  'version-mismatch',
  'precondition-failed',
  () => 'It was changed meanwhile: If-Match names another version. Read it again.',
);

/** The row, when it is the version that the caller has seen, or may be any. @throws VersionMismatch */
export function atVersion<R extends { version: number }>(row: R, version: number | undefined): R {
  if (version !== undefined && version !== row.version) throw new VersionMismatch();
  return row;
}

/** The version as `ETag`, to be sent back as `If-Match`. */
export function tagVersion(reply: Reply, version: number): void {
  reply.header('etag', `"${version}"`);
}

/** The version in `If-Match: "3"`; undefined where none was sent or any will do. @throws VersionMismatch for what is none */
export function versionOf(ifMatch: string | undefined): number | undefined {
  if (ifMatch === undefined || ifMatch === '*') return undefined;
  const version = /^"(\d{1,9})"$/.exec(ifMatch)?.[1];
  if (version === undefined) throw new VersionMismatch();
  return Number(version);
}

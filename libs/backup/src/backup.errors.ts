import { defineError } from '#kernel';

export const BackupNotFound = defineError('backup-not-found', 'not-found', (what: string) => `There is no ${what}.`);

/** Carries what exactly. Nothing of the vault was touched. */
export const BackupAltered = defineError(
  'backup-altered',
  'internal',
  (name: string, what: string) => `The backup ${name} is not what was made: ${what}.`,
);

export const BackupKeyMissing = defineError(
  'backup-key-missing',
  'unavailable',
  (keyId: string, here: string) => `The backup is under root key ${keyId}, which is not here. Here are: ${here}.`,
);

export const BackupTooNew = defineError(
  'backup-too-new',
  'conflict',
  (migrations: string) =>
    `The backup was made by a newer version than this. It has ${migrations}, which are not known here.`,
);

export const SchemaNotOfBackup = defineError(
  'schema-not-of-backup',
  'conflict',
  (migration: string) =>
    `The database has no rows, but a newer schema than the backup (${migration}). Restore into one without tables: migrations follow by themselves.`,
);

export const BackupObjectsMissing = defineError(
  'backup-objects-missing',
  'conflict',
  (count: number, first: string) =>
    `${count} objects are neither in the backup nor in the store, the first of them ${first}. Nothing was changed.`,
);

export const BackupPlaceUnknown = defineError(
  'backup-place-unknown',
  'invalid',
  () => 'A place for backups is a folder, a file that ends with .tar, or s3://bucket or s3://bucket/prefix.',
);

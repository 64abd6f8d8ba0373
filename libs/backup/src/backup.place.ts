import { resolve } from 'node:path';
import { type BlobStore, createBlobStore, type StorageConfig, TarArchive, TarBlobStore } from '#storage';
import { BackupPlaceUnknown } from './backup.errors.ts';

/** Where backups are: parts and lists of each, and the objects of all of them, once each however many backups name them. */
export interface BackupPlace {
  parts: BlobStore;
  objects: BlobStore;
}

const S3 = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/([a-zA-Z0-9._/-]*))?$/;
/** A part has about 4 MiB, and more only where a single row does. */
const MAX_PART_BYTES = 1024 ** 3;

/** A file that takes everything, for a medium that moves as one. */
const FILE = /\.tar$/i;

/**
 * A folder, one `.tar` file, or a place in a bucket, which is reached as the bucket of the objects is.
 *
 * @throws BackupPlaceUnknown, StorageUnavailable
 */
export async function openBackupPlace(place: string, storage: StorageConfig): Promise<BackupPlace> {
  const settings = { ...storage, max_object_size: MAX_PART_BYTES };
  const [, bucket, path = ''] = S3.exec(place) ?? [];
  if (bucket !== undefined) {
    const prefix = path
      .split('/')
      .filter(Boolean)
      .map((part) => `${part}/`)
      .join('');
    const at = (folder: string): Promise<BlobStore> =>
      createBlobStore({ ...settings, backend: 's3', s3: { ...storage.s3, bucket, prefix: `${prefix}${folder}` } }, '');
    return { parts: await at(''), objects: await at('objects/') };
  }
  if (place === '' || /^[a-z][a-z0-9+.-]*:\/\//i.test(place)) throw new BackupPlaceUnknown();
  if (FILE.test(place)) {
    const archive = new TarArchive(resolve(place));
    return { parts: new TarBlobStore(archive), objects: new TarBlobStore(archive, 'objects/') };
  }
  const at = (folder: string): Promise<BlobStore> =>
    createBlobStore({ ...settings, backend: 'filesystem', filesystem: { path: resolve(place, folder) } }, '');
  return { parts: await at('.'), objects: await at('objects') };
}

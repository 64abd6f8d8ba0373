import { BlobNotFound, StorageNotConfigured } from './blob-store.ts';
import type { StorageConfig } from './storage.config.ts';

/**
 * An earlier version of an object, out of a bucket that keeps them.
 *
 * @throws StorageNotConfigured where there is no bucket
 * @throws BlobNotFound, StorageUnavailable
 */
export async function fetchObjectVersion(config: StorageConfig, key: string, versionId: string): Promise<Uint8Array> {
  const { bucket, region, prefix, endpoint } = config.s3;
  if (config.backend !== 's3' || !bucket) throw new StorageNotConfigured('STORAGE__S3__BUCKET');
  const { S3BlobStore } = await import('./adapters/s3.blob-store.ts');
  const bytes = await new S3BlobStore({ bucket, region, prefix, endpoint }).getVersion(key, versionId);
  if (!bytes) throw new BlobNotFound(key);
  return bytes;
}

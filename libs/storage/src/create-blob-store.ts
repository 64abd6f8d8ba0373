import { join } from 'node:path';
import { FsBlobStore } from './adapters/fs.blob-store.ts';
import { MemoryBlobStore } from './adapters/memory.blob-store.ts';
import { type BlobStore, StorageNotConfigured } from './blob-store.ts';
import { LimitedBlobStore } from './limited.blob-store.ts';
import type { StorageConfig } from './storage.config.ts';

/**
 * The store the settings name, ready to use. `dataDir` is where the filesystem keeps objects when no path is set.
 *
 * @throws StorageNotConfigured, StorageUnavailable
 */
export async function createBlobStore(config: StorageConfig, dataDir: string): Promise<BlobStore> {
  return new LimitedBlobStore(await openStore(config, dataDir), config.max_object_size);
}

async function openStore(config: StorageConfig, dataDir: string): Promise<BlobStore> {
  switch (config.backend) {
    case 'memory':
      return new MemoryBlobStore();
    case 'filesystem':
      return FsBlobStore.open(config.filesystem.path ?? join(dataDir, 'blobs'));
    case 's3': {
      const { bucket, region, prefix, endpoint } = config.s3;
      if (!bucket) throw new StorageNotConfigured('STORAGE__S3__BUCKET');
      // Loaded here, because the SDK costs a third of a second at the start and most starts do not need it.
      const { S3BlobStore } = await import('./adapters/s3.blob-store.ts');
      return new S3BlobStore({ bucket, region, prefix, endpoint });
    }
  }
}

import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { blobStoreContract } from './blob-store.contract.ts';
import { BlobTooLarge, StorageNotConfigured } from './blob-store.ts';
import { createBlobStore } from './create-blob-store.ts';
import { LimitedBlobStore } from './limited.blob-store.ts';
import { storageConfig } from './storage.config.ts';

blobStoreContract('the store of the settings', () =>
  createBlobStore(storageConfig.parse({ backend: 'memory' }), '/nowhere'),
);

describe('the store that the settings name', () => {
  let dataDir: string;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'vault-data-'));
  });
  afterEach(() => rm(dataDir, { recursive: true }));

  it('is the folder blobs in DATA_DIR when nothing is set', async () => {
    const store = await createBlobStore(storageConfig.parse({}), dataDir);
    await store.put('key', Buffer.from('sealed'));
    expect(await readdir(join(dataDir, 'blobs', 'data'))).toEqual(['key']);
  });

  it('is the folder that is set', async () => {
    const path = join(dataDir, 'elsewhere');
    await createBlobStore(storageConfig.parse({ filesystem: { path } }), '/nowhere');
    expect(await readdir(path)).toContain('data');
  });

  it('is S3 only with a bucket', async () => {
    const config = storageConfig.parse({ backend: 's3', s3: { endpoint: 'http://127.0.0.1:9' } });
    await expect(createBlobStore(config, dataDir)).rejects.toThrow(StorageNotConfigured);
    const store = await createBlobStore({ ...config, s3: { ...config.s3, bucket: 'vault' } }, dataDir);
    expect(store).toBeInstanceOf(LimitedBlobStore);
  });

  it('refuses an object over MAX_OBJECT_SIZE', async () => {
    const config = storageConfig.parse({ backend: 'memory', max_object_size: 8 * 1024 * 1024 });
    const store = await createBlobStore(config, dataDir);
    await store.put('fits', new Uint8Array(config.max_object_size));
    await expect(store.put('large', new Uint8Array(config.max_object_size + 1))).rejects.toThrow(BlobTooLarge);
  });

  it.each([
    { backend: 'tape' },
    { max_object_size: 1 },
    { s3: { prefix: 'no-slash' } },
    { s3: { endpoint: 'not a url' } },
  ])('does not exist for %j', (settings) => {
    expect(storageConfig.safeParse(settings).success).toBe(false);
  });
});

// storage: keeps sealed bytes under a key. Never sees a plaintext.
export {
  BlobExists,
  BlobNotFound,
  BlobStore,
  BlobTooLarge,
  BlobTooShort,
  StorageFull,
  StorageUnavailable,
} from './blob-store.ts';
export type { ByteRange, StoredBlob } from './blob-store.ts';
export { MemoryBlobStore } from './adapters/memory.blob-store.ts';
export { TarArchive } from './adapters/tar.archive.ts';
export { TarBlobStore } from './adapters/tar.blob-store.ts';
export { fetchObjectVersion } from './open-object-version.ts';
export { createBlobStore } from './create-blob-store.ts';
export { storageConfig } from './storage.config.ts';
export type { StorageConfig } from './storage.config.ts';

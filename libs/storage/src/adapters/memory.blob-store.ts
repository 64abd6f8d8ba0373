import {
  BlobExists,
  BlobNotFound,
  BlobStore,
  BlobTooShort,
  type ByteRange,
  checkKey,
  checkRange,
  type StoredBlob,
} from '../blob-store.ts';

export class MemoryBlobStore extends BlobStore {
  private readonly blobs = new Map<string, { bytes: Uint8Array; modified: Date }>();

  override async put(key: string, bytes: Uint8Array): Promise<void> {
    checkKey(key);
    const there = this.blobs.get(key);
    if (there && Buffer.compare(there.bytes, bytes) !== 0) throw new BlobExists(key);
    if (!there) this.blobs.set(key, { bytes: new Uint8Array(bytes), modified: new Date() });
  }

  override async get(key: string, range?: ByteRange): Promise<Uint8Array> {
    checkKey(key);
    checkRange(range);
    const blob = this.blobs.get(key);
    if (!blob) throw new BlobNotFound(key);
    if (range && range.end > blob.bytes.length) throw new BlobTooShort(key);
    return blob.bytes.slice(range?.start, range?.end);
  }

  override async delete(key: string): Promise<void> {
    checkKey(key);
    this.blobs.delete(key);
  }

  override async *list(prefix: string, after = ''): AsyncGenerator<StoredBlob> {
    for (const key of [...this.blobs.keys()].sort()) {
      const blob = this.blobs.get(key);
      if (blob && key.startsWith(prefix) && key > after) {
        yield { key, size: blob.bytes.length, modified: blob.modified };
      }
    }
  }

  override async ping(): Promise<void> {}
}

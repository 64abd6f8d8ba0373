import { BlobStore, BlobTooLarge, type ByteRange, type StoredBlob } from './blob-store.ts';

/** Another store with a limit to the size of objects. */
export class LimitedBlobStore extends BlobStore {
  private readonly store: BlobStore;
  private readonly limit: number;

  constructor(store: BlobStore, limit: number) {
    super();
    this.store = store;
    this.limit = limit;
  }

  override async put(key: string, bytes: Uint8Array): Promise<void> {
    if (bytes.length > this.limit) throw new BlobTooLarge(this.limit);
    await this.store.put(key, bytes);
  }

  override get(key: string, range?: ByteRange): Promise<Uint8Array> {
    return this.store.get(key, range);
  }

  override delete(key: string): Promise<void> {
    return this.store.delete(key);
  }

  override list(prefix: string, after?: string): AsyncIterable<StoredBlob> {
    return this.store.list(prefix, after);
  }

  override ping(): Promise<void> {
    return this.store.ping();
  }
}

import { BlobStore, type ByteRange, type StoredBlob } from '#storage';
import type { Tracer } from '#tracing';

/** Another store, each of whose answers is a span. Keys are ids and may be told; bytes are counted. */
export class TracedBlobStore extends BlobStore {
  private readonly store: BlobStore;
  private readonly tracer: Tracer;
  private readonly backend: string;

  constructor(store: BlobStore, tracer: Tracer, backend: string) {
    super();
    this.store = store;
    this.tracer = tracer;
    this.backend = backend;
  }

  override put(key: string, bytes: Uint8Array): Promise<void> {
    return this.traced('put', { 'storage.key': key, 'storage.bytes': bytes.length }, () => this.store.put(key, bytes));
  }

  override get(key: string, range?: ByteRange): Promise<Uint8Array> {
    const attributes = { 'storage.key': key, ...(range && { 'storage.bytes': range.end - range.start }) };
    return this.traced('get', attributes, () => this.store.get(key, range));
  }

  override delete(key: string): Promise<void> {
    return this.traced('delete', { 'storage.key': key }, () => this.store.delete(key));
  }

  override list(prefix: string, after?: string): AsyncIterable<StoredBlob> {
    return this.store.list(prefix, after);
  }

  override ping(): Promise<void> {
    return this.store.ping();
  }

  private traced<T>(verb: string, attributes: Record<string, string | number>, work: () => Promise<T>): Promise<T> {
    const all = { 'storage.backend': this.backend, ...attributes };
    return this.tracer.span(`${this.backend} ${verb}`, { kind: 'client', attributes: all }, work);
  }
}

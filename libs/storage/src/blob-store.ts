import { defineError } from '#kernel';

export const BlobNotFound = defineError(
  'blob-not-found',
  'gone',
  (key: string) => `The stored object ${key} is missing.`,
);

/** A key names one content for ever: overwriting would turn records that exist into records that do not open. */
export const BlobExists = defineError(
  'blob-exists',
  'internal',
  (key: string) => `The object ${key} is stored already, with other bytes.`,
);

export const BlobTooShort = defineError(
  'blob-too-short',
  'internal',
  (key: string) => `The stored object ${key} ends before the bytes that were asked for.`,
);

export const BlobTooLarge = defineError(
  'blob-too-large',
  'too-large',
  (limit: number) => `An object of more than ${limit} bytes is not stored (STORAGE__MAX_OBJECT_SIZE).`,
);

/** Carries `retryAfter`, in seconds. */
export const StorageUnavailable = defineError(
  'storage-unavailable',
  'unavailable',
  () => 'The object storage does not answer at the moment.',
);

export const StorageFull = defineError('storage-full', 'storage-full', () => 'The object storage is full.');

export const StorageNotConfigured = defineError(
  'storage-not-configured',
  'invalid',
  (setting: string) => `The storage needs the setting ${setting}.`,
);

/** From `start` up to, not including, `end`. Both are inside the object, and `start` is smaller. */
export interface ByteRange {
  start: number;
  end: number;
}

export interface StoredBlob {
  key: string;
  size: number;
  modified: Date;
}

/**
 * Port. An untrusted place for sealed bytes; every adapter passes `blob-store.contract.ts`.
 *
 * A key is 1 to 128 of `a-z 0-9 . _ -`, beginning with a letter or digit: safe as a file name on every system.
 */
export abstract class BlobStore {
  /**
   * Stores `bytes` under a new `key`. Done means durable. The same bytes again are no error, so a put whose answer was
   * lost may be repeated.
   *
   * @throws BlobExists when the key has other bytes
   * @throws StorageFull, StorageUnavailable
   */
  abstract put(key: string, bytes: Uint8Array): Promise<void>;

  /**
   * The whole object, or exactly the range, in a buffer of the caller's own.
   *
   * @throws BlobNotFound
   * @throws BlobTooShort when the object ends before the range does
   * @throws StorageUnavailable
   */
  abstract get(key: string, range?: ByteRange): Promise<Uint8Array>;

  /** Deleting what is not there is no error. Done means gone also after a crash. */
  abstract delete(key: string): Promise<void>;

  /** Objects whose key begins with `prefix`, in order of keys, beginning behind `after`. Read page by page. */
  abstract list(prefix: string, after?: string): AsyncIterable<StoredBlob>;

  /** @throws StorageUnavailable when nothing can be read or written */
  abstract ping(): Promise<void>;
}

const KEY = /^[a-z0-9][a-z0-9._-]{0,127}$/;

export function isKey(text: string): boolean {
  return KEY.test(text);
}

/** Refuses keys that would leave the store's folder or collide on some system. Keys are ids made here: a bad one is a bug. */
export function checkKey(key: string): void {
  if (!isKey(key)) throw new RangeError('a blob key is 1 to 128 of a-z 0-9 . _ -');
}

export function checkRange(range: ByteRange | undefined): void {
  if (range && !(range.start >= 0 && range.end > range.start)) throw new RangeError('a range holds a byte or more');
}

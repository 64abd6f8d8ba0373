import { createHash } from 'node:crypto';
import { BlobExists, BlobNotFound, type BlobStore, BlobTooShort } from '#storage';
import type { ListedObject } from './object.list.ts';

/** Objects under way at once, of up to 8 MiB each. */
const AT_ONCE = 4;

export const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** The bytes of an object, or null when it is not there. */
export async function read(store: BlobStore, id: string): Promise<Uint8Array | null> {
  try {
    return await store.get(id);
  } catch (error) {
    if (error instanceof BlobNotFound) return null;
    throw error;
  }
}

/**
 * Whether an object is there and not cut, asked by its key: a list may still name what is gone. One is asked only about
 * what a list names, as it takes a store a while to be sure that something is missing.
 */
export async function isThere(store: BlobStore, { id, bytes }: Pick<ListedObject, 'id' | 'bytes'>): Promise<boolean> {
  try {
    await store.get(id, { start: bytes - 1, end: bytes });
    return true;
  } catch (error) {
    if (error instanceof BlobNotFound || error instanceof BlobTooShort) return false;
    throw error;
  }
}

/** Which objects are there, with their sizes, as the store lists them: it may not know yet of what was stored or deleted. */
export async function sizesIn(store: BlobStore): Promise<Map<string, number>> {
  const sizes = new Map<string, number>();
  for await (const { key, size } of store.list('')) sizes.set(key, size);
  return sizes;
}

/** Does something with each of many, a few at a time. The first failure ends it. */
export async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = items[Symbol.iterator]();
  const lane = async (): Promise<void> => {
    for (const item of left) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}

/** Puts an object into a store unless it is there with that size; false when the source has no such bytes. */
export async function copy(
  { id, bytes, sha256 }: ListedObject,
  from: BlobStore,
  to: BlobStore,
  there: ReadonlyMap<string, number>,
): Promise<boolean> {
  if (there.get(id) === bytes && (await isThere(to, { id, bytes }))) return true;
  const content = await read(from, id);
  if (!content || hashOf(content) !== sha256) return false;
  await to.put(id, content).catch(async (error: unknown) => {
    if (!(error instanceof BlobExists)) throw error;
    // One with other bytes is what is left of it: nobody can open that.
    await to.delete(id);
    await to.put(id, content);
  });
  return true;
}

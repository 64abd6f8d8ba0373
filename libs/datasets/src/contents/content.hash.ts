import { createHmac, type KeyObject } from 'node:crypto';
import { secretKey } from '#kernel';
import { parseExactly, type Value } from '../export/exact-json.ts';
import { canonicalJson } from '../duplicates/shingles.ts';

/** 16 bytes of HMAC-SHA256(the tenant's key for contents, canonical JSON). */
export const CONTENT_HASH_BYTES = 16;

/** The same for the same value, in whatever order its members are written. */
export function contentHash(key: KeyObject, value: Value): Buffer {
  return createHmac('sha256', key).update(canonicalJson(value)).digest().subarray(0, CONTENT_HASH_BYTES);
}

/** Hashes of what records say, one after the other. */
export class ContentHasher {
  readonly #key: KeyObject;

  constructor(key: Uint8Array) {
    this.#key = secretKey(key);
  }

  /** @param text JSON, that was looked at before */
  of(text: string): Buffer {
    return contentHash(this.#key, parseExactly(text));
  }
}

import { createHmac, type KeyObject } from 'node:crypto';
import { secretKey } from '#kernel';
import { subjectOf } from '#pii';

/** Enough to tell people apart, and short enough for an index over billions. */
const INDEX_BYTES = 16;

/**
 * Whom a value is about, blindly: the first 16 bytes of HMAC-SHA256(the tenant's index key, type, normalised value).
 * The same person gives the same entry in every dataset and version, and without the key nobody can guess at it.
 */
export class SubjectIndex {
  readonly #key: KeyObject;

  constructor(key: Uint8Array) {
    this.#key = secretKey(key);
  }

  /** Null for types that do not say who someone is. */
  of(type: string, value: string): Buffer | null {
    const subject = subjectOf(type, value);
    if (subject === null) return null;
    const mac = createHmac('sha256', this.#key).update(type).update('\0').update(subject).digest();
    return mac.subarray(0, INDEX_BYTES);
  }
}

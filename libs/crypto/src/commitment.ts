import { hash } from 'node:crypto';

export const HASH_BYTES = 32;

/**
 * The commitment to one record version: SHA-256(0x00 || salt || content), the leaf of RFC 6962 section 2.1 over
 * salt || content. `content` is the record's line exactly as stored. Once the 32-byte salt is gone, the leaf says
 * nothing about the content, not even to somebody who guesses it.
 */
export function leafOf(salt: Uint8Array, content: Uint8Array): Uint8Array {
  return new LeafHasher().leaf(salt, content);
}

/** Hashes many leaves in one buffer: the hash of a short record costs less than the buffer it would need. */
export class LeafHasher {
  #input = new Uint8Array(1 + HASH_BYTES);

  leaf(salt: Uint8Array, content: Uint8Array): Uint8Array {
    const length = 1 + salt.length + content.length;
    if (this.#input.length < length) this.#input = new Uint8Array(length * 2);
    this.#input.set(salt, 1);
    this.#input.set(content, 1 + salt.length);
    return hash('sha256', this.#input.subarray(0, length), 'buffer');
  }
}

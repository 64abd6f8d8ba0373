import { hkdfSync, randomBytes, randomFillSync } from 'node:crypto';

export const KEY_BYTES = 32;

const NO_SALT = new Uint8Array(0);

/**
 * A new random 32-byte key. It has its own ArrayBuffer on purpose: a slice of Node's pool, handed to a worker thread,
 * would take the neighbouring secrets of the pool along.
 */
export function newKey(): Uint8Array {
  return randomFillSync(new Uint8Array(KEY_BYTES));
}

/** HKDF-SHA256 (RFC 5869), 32 bytes out. */
export function derive(key: Uint8Array, info: string | Uint8Array, salt: Uint8Array = NO_SALT): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', key, salt, info, KEY_BYTES));
}

/**
 * What a key is bound to before it is used. AES-GCM alone opens one ciphertext under two keys chosen for it; a stored
 * commitment leaves only one key that can be meant.
 */
export function commitmentOf(key: Uint8Array): Uint8Array {
  return derive(key, 'commit');
}

/** A secret nobody can guess, as base64url text of `bytes` random bytes (32 by default: 256 bits, 43 characters). */
export function randomToken(bytes = 32): string {
  return randomBytes(bytes).toString('base64url');
}

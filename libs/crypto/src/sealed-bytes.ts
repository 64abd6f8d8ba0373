import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { secretKey } from '#kernel';
import { frameContext, type KeyContext } from './framing.ts';
import { derive } from './key-material.ts';

const SALT_BYTES = 32;
const TAG_BYTES = 16;
/** Its key, derived from 32 fresh random bytes of salt, seals this one thing. */
const ONLY_NONCE = new Uint8Array(12);

/**
 * Seals a few bytes, such as an answer that is kept for a day, under a 32-byte key and for exactly one `context`.
 * Gives salt (32), ciphertext and tag (16) in one; the key itself encrypts nothing, so any number of them is fine.
 */
export function sealBytes(key: Uint8Array, bytes: Uint8Array, context: KeyContext): Buffer {
  const salt = randomBytes(SALT_BYTES);
  const once = derive(key, frameContext('vault/bytes/v1', context), salt);
  const cipher = createCipheriv('aes-256-gcm', secretKey(once), ONLY_NONCE, { authTagLength: TAG_BYTES });
  const sealed = Buffer.concat([salt, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
  once.fill(0);
  return sealed;
}

/** What was sealed, or null when it was not with this key and for this context. */
export function openBytes(key: Uint8Array, sealed: Uint8Array, context: KeyContext): Buffer | null {
  if (sealed.length < SALT_BYTES + TAG_BYTES) return null;
  const once = derive(key, frameContext('vault/bytes/v1', context), sealed.subarray(0, SALT_BYTES));
  const decipher = createDecipheriv('aes-256-gcm', secretKey(once), ONLY_NONCE, { authTagLength: TAG_BYTES });
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(SALT_BYTES, -TAG_BYTES)), decipher.final()]);
  } catch {
    return null;
  } finally {
    once.fill(0);
  }
}

import { createCipheriv, createDecipheriv, randomBytes, timingSafeEqual } from 'node:crypto';
import { secretKey } from '#kernel';
import { frameContext, type KeyContext } from './framing.ts';
import { commitmentOf, derive, KEY_BYTES } from './key-material.ts';

const SALT_BYTES = 32;
const TAG_BYTES = 16;

/** The nonce may be fixed because its key, derived from 32 fresh random bytes of salt, seals this one thing. */
const ONLY_NONCE = new Uint8Array(12);

/** A 32-byte key under another one: 32 bytes of salt, 48 of ciphertext and tag, 32 of commitment. */
export interface SealedKey {
  salt: Uint8Array;
  wrapped: Uint8Array;
  commitment: Uint8Array;
}

/**
 * Wraps `key` for exactly one `context`. The wrapping key itself encrypts nothing: each wrap has its own key,
 * HKDF-SHA256(wrapping key, salt, `vault/wrap/v1` + context), so no nonce budget (NIST SP 800-38D, 8.3) is spent.
 */
export function sealKey(wrapping: Uint8Array, key: Uint8Array, context: KeyContext): SealedKey {
  const salt = randomBytes(SALT_BYTES);
  const once = derive(wrapping, frameContext('vault/wrap/v1', context), salt);
  const cipher = createCipheriv('aes-256-gcm', secretKey(once), ONLY_NONCE, { authTagLength: TAG_BYTES });
  const wrapped = Buffer.concat([cipher.update(key), cipher.final(), cipher.getAuthTag()]);
  once.fill(0);
  return { salt, wrapped, commitment: commitmentOf(key) };
}

/** The key inside, or null when this is not what `sealKey` made with that wrapping key and context. */
export function openKey(wrapping: Uint8Array, sealed: SealedKey, context: KeyContext): Uint8Array | null {
  if (sealed.wrapped.length !== KEY_BYTES + TAG_BYTES || sealed.commitment.length !== KEY_BYTES) return null;
  const once = derive(wrapping, frameContext('vault/wrap/v1', context), sealed.salt);
  const decipher = createDecipheriv('aes-256-gcm', secretKey(once), ONLY_NONCE, { authTagLength: TAG_BYTES });
  decipher.setAuthTag(sealed.wrapped.subarray(KEY_BYTES));
  const plain = decipher.update(sealed.wrapped.subarray(0, KEY_BYTES));
  try {
    decipher.final();
  } catch {
    return null;
  } finally {
    once.fill(0);
  }
  const key = new Uint8Array(plain);
  plain.fill(0);
  return timingSafeEqual(commitmentOf(key), sealed.commitment) ? key : null;
}

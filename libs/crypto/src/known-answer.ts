import { hash, timingSafeEqual } from 'node:crypto';
import { WrongRootKey } from './key.errors.ts';
import type { KeyManagement, WrappedKey } from './key-management.ts';

const CONTEXT = { use: 'known-answer' };
const ANSWER = hash('sha256', 'vault/known-answer/v1', 'buffer');

/**
 * A value only the current root key can have made. Stored at the first start, it lets every later start refuse a wrong
 * key before it touches anything. Layout: length of the key id (1 byte), key id, salt (32), commitment (32), wrapped (48).
 */
export async function makeKnownAnswer(kms: KeyManagement): Promise<Uint8Array> {
  const { keyId, salt, commitment, wrapped } = await kms.wrap(ANSWER, CONTEXT);
  const name = Buffer.from(keyId, 'utf8');
  return Buffer.concat([Buffer.of(name.length), name, salt, commitment, wrapped]);
}

/** @throws WrongRootKey naming the key the vault was sealed with and the keys that are here */
export async function checkKnownAnswer(kms: KeyManagement, stored: Uint8Array): Promise<void> {
  const wrapped = decode(stored);
  if (!kms.keyIds().includes(wrapped.keyId)) throw new WrongRootKey(wrapped.keyId, kms.keyIds());
  const answer = await kms.unwrap(wrapped, CONTEXT);
  if (!timingSafeEqual(answer, ANSWER)) throw new WrongRootKey(wrapped.keyId, kms.keyIds());
}

function decode(stored: Uint8Array): WrappedKey {
  const body = 1 + (stored[0] ?? 0);
  return {
    keyId: Buffer.from(stored.subarray(1, body)).toString('utf8'),
    salt: stored.subarray(body, body + 32),
    commitment: stored.subarray(body + 32, body + 64),
    wrapped: stored.subarray(body + 64),
  };
}

import { randomBytes } from 'node:crypto';
import { hashOf } from '../opaque-token.ts';

const COUNT = 10;
/** Crockford's alphabet: nothing in it is taken for something else. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
/** 120 bits, so that a fast hash keeps them as well as a slow one would. */
const CHARACTERS = 24;

/** Codes for the day the phone is lost; each works once. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: COUNT }, () => {
    const text = [...randomBytes(CHARACTERS)].map((byte) => ALPHABET[byte & 31]).join('');
    return text.match(/.{4}/g)!.join('-');
  });
}

/** How a code is kept; hyphens, spaces and capitals make no other one of it. */
export function recoveryHash(code: string): Buffer {
  return hashOf(`vault/recovery-code/${code.toLowerCase().replaceAll(/[\s-]/g, '')}`);
}

import { createHmac } from 'node:crypto';
import { secretKey } from '#kernel';
import { subjectOf } from '../subject.ts';
import { never, type Operator } from './operator.ts';

const SHOWN = 16;

export const keyedHash: Operator = {
  name: 'hash',
  description: 'Puts a keyed hash (HMAC-SHA256) in place of the value: the same value gives the same hash.',
  reversible: false,
  keyed: true,
  options: [],
  looksReal: never,
  apply: (type, value, { keys }) => hashed(type, value, keys.hashKey),
};

export function hashed(type: string, value: string, key: Uint8Array): string {
  const mac = createHmac('sha256', secretKey(key))
    .update(`${type}\0${subjectOf(type, value) ?? value}`)
    .digest('hex');
  return `[${type}#${lettersOf(mac.slice(0, SHOWN))}]`;
}

/** In letters only: a hash of many digits would look like a number of somebody. */
function lettersOf(hex: string): string {
  return hex.replaceAll(/\d/g, (digit) => 'ghijklmnop'.charAt(Number(digit)));
}

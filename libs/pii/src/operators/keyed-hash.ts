import { createHmac } from 'node:crypto';
import { subjectOf } from '../subject.ts';
import type { Operator } from './operator.ts';

const SHOWN = 16;

export const keyedHash: Operator = {
  name: 'hash',
  description: 'Puts a keyed hash (HMAC-SHA256) in place of the value: the same value gives the same hash.',
  reversible: false,
  apply: (type, value, hashKey) => {
    const mac = createHmac('sha256', hashKey)
      .update(`${type}\0${subjectOf(type, value) ?? value}`)
      .digest('hex');
    return `[${type}#${lettersOf(mac.slice(0, SHOWN))}]`;
  },
};

/** In letters only: a hash of many digits would look like a number of somebody. */
function lettersOf(hex: string): string {
  return hex.replaceAll(/\d/g, (digit) => 'ghijklmnop'.charAt(Number(digit)));
}

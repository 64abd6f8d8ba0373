import { crc32 } from 'node:zlib';
import { entropy } from '../checks/entropy.ts';
import type { Detector, PrefixRule } from '../scan/dispatch.ts';
import { VENDOR_ROWS } from './vendor-rows.ts';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const WITH_CHECKSUM = /^(?:gh[pousr]|npm)_$/;
const MIN_ENTROPY = 2.6;

/** The last six characters of a GitHub or npm token: CRC-32 of what stands between them and the prefix, in base 62. */
function hasTokenChecksum(value: string): boolean {
  const body = value.slice(value.indexOf('_') + 1, -6);
  let number = crc32(body);
  let text = '';
  for (let i = 0; i < 6; i += 1) {
    text = BASE62.charAt(number % 62) + text;
    number = Math.floor(number / 62);
  }
  return text === value.slice(-6);
}

/** Enough different characters to be random, and none of the words people write in place of a key. */
function isRandom(value: string): boolean {
  return entropy(value) > MIN_ENTROPY && !/x{5}|\*{3}|EXAMPLE$/i.test(value);
}

function rulesOf([vendor, prefix, rest, confidence = 0.95]: (typeof VENDOR_ROWS)[number]): PrefixRule {
  const escaped = prefix.replaceAll(/[.$+]/g, '\\$&');
  return {
    type: 'API_KEY',
    detector: `key-${vendor}`,
    prefix,
    pattern: new RegExp(`${escaped}${rest}`, 'y'),
    check: isRandom,
    ...(WITH_CHECKSUM.test(prefix) ? { isSure: hasTokenChecksum } : {}),
    confidence,
  };
}

export const vendorKeys: Detector = {
  name: 'vendor-keys',
  types: ['API_KEY'],
  prefixes: VENDOR_ROWS.map(rulesOf),
};

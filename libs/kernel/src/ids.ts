import { randomUUID } from 'node:crypto';

/** Crockford base32, lower case: no i, l, o, u. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'.split('');
/** Ten bits at a time, and back: every line of the log and every row of the audit shows ids. */
const PAIRS = ALPHABET.flatMap((first) => ALPHABET.map((second) => first + second));
/** By the code of a character. */
const DIGITS: (number | undefined)[] = [];
for (const [value, digit] of ALPHABET.entries()) DIGITS[digit.charCodeAt(0)] = value;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

let lastMs = 0;
let counter = 0;

/** A new UUID v7 (RFC 9562 section 5.7), rising within this process: 12 bits of `rand_a` count inside a millisecond. */
export function newId(): string {
  let now = Date.now();
  if (now <= lastMs) {
    counter += 1;
    if (counter > 0xfff) {
      lastMs += 1;
      counter = 0;
    }
    now = lastMs;
  } else {
    lastMs = now;
    counter = 0;
  }
  const time = now.toString(16).padStart(12, '0');
  // Variant and `rand_b` are those of a UUID v4, of which Node draws many at once.
  const random = randomUUID().slice(18);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${counter.toString(16).padStart(3, '0')}${random}`;
}

export function bytesToUuid(bytes: Uint8Array): string {
  return dashed(Buffer.from(bytes.buffer, bytes.byteOffset, 16).toString('hex'));
}

function dashed(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

export function uuidToBytes(uuid: string): Buffer {
  return Buffer.from(uuid.replaceAll('-', ''), 'hex');
}

/** How an id is shown outside: `ds_` and 26 characters of Crockford base32 (130 bits, the top two zero). */
export function showId(prefix: string, uuid: string): string {
  if (!UUID.test(uuid)) throw new TypeError('not a UUID in lower case');
  const hex = uuid.replaceAll('-', '');
  let text = `${prefix}_${PAIRS[Number.parseInt(hex.slice(0, 2), 16)]}`;
  for (let at = 2; at < 32; at += 5) {
    const bits = Number.parseInt(hex.slice(at, at + 5), 16);
    text += PAIRS[bits >> 10]! + PAIRS[bits & 1023]!;
  }
  return text;
}

/** The UUID behind a shown id, or null when the text is not one of that prefix. Exactly one spelling is accepted. */
export function parseId(prefix: string, text: string): string | null {
  if (text.length !== prefix.length + 27 || !text.startsWith(`${prefix}_`)) return null;
  let hex = '';
  let bits = 0;
  for (let i = 0; i < 26; i += 1) {
    const digit = DIGITS[text.charCodeAt(prefix.length + 1 + i)];
    if (digit === undefined) return null;
    bits = bits * 32 + digit;
    // Two characters for the first byte, and then four for five digits each.
    if (i % 4 !== 1) continue;
    if (i === 1 && bits > 0xff) return null;
    hex += bits.toString(16).padStart(i === 1 ? 2 : 5, '0');
    bits = 0;
  }
  return dashed(hex);
}

export function isUuid(text: string): boolean {
  return UUID.test(text);
}

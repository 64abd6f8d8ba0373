import { randomFillSync } from 'node:crypto';

/** Crockford base32, lower case: no i, l, o, u. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
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
  const bytes = Buffer.allocUnsafe(16);
  bytes.writeUIntBE(now, 0, 6);
  bytes.writeUInt16BE(0x7000 | counter, 6);
  randomFillSync(bytes, 8, 8);
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytesToUuid(bytes);
}

export function bytesToUuid(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, 16).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

export function uuidToBytes(uuid: string): Buffer {
  return Buffer.from(uuid.replaceAll('-', ''), 'hex');
}

/** How an id is shown outside: `ds_` and 26 characters of Crockford base32 (130 bits, the top two zero). */
export function showId(prefix: string, uuid: string): string {
  let n = BigInt(`0x${uuid.replaceAll('-', '')}`);
  let text = '';
  for (let i = 0; i < 26; i += 1) {
    text = ALPHABET[Number(n & 31n)]! + text;
    n >>= 5n;
  }
  return `${prefix}_${text}`;
}

/** The UUID behind a shown id, or null when the text is not one of that prefix. Exactly one spelling is accepted. */
export function parseId(prefix: string, text: string): string | null {
  if (text.length !== prefix.length + 27 || !text.startsWith(`${prefix}_`)) return null;
  let n = 0n;
  for (const char of text.slice(prefix.length + 1)) {
    const digit = ALPHABET.indexOf(char);
    if (digit < 0) return null;
    n = (n << 5n) | BigInt(digit);
  }
  if (n >> 128n) return null;
  const hex = n.toString(16).padStart(32, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

export function isUuid(text: string): boolean {
  return UUID.test(text);
}

import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const PREFIX = 'ldv_live_';
const SECRET_CHARACTERS = 43;
const CHECK_CHARACTERS = 6;
const FORM = new RegExp(`^${PREFIX}[0-9A-Za-z]{${SECRET_CHARACTERS + CHECK_CHARACTERS}}$`);

/** A new key: 256 random bits, and a checksum by which scanners know a real one and typing errors are told offline. */
export function newApiKey(): string {
  const secret = base62(BigInt(`0x${randomBytes(32).toString('hex')}`), SECRET_CHARACTERS);
  return PREFIX + secret + checkOf(secret);
}

/** Whether a credential means to be one of ours; it may still be mistyped. */
export function isApiKey(credential: string): boolean {
  return credential.startsWith('ldv_');
}

/** Whether it could have been given out: nothing is looked up for any other. */
export function isWellFormed(key: string): boolean {
  if (!FORM.test(key)) return false;
  const secret = key.slice(PREFIX.length, PREFIX.length + SECRET_CHARACTERS);
  return key.endsWith(checkOf(secret));
}

/** CRC-32 (IEEE) of prefix and secret in base62, six characters. */
function checkOf(secret: string): string {
  return base62(BigInt(crc32(PREFIX + secret)), CHECK_CHARACTERS);
}

function base62(value: bigint, length: number): string {
  let text = '';
  for (let rest = value; text.length < length; rest /= 62n) text = BASE62[Number(rest % 62n)]! + text;
  return text;
}

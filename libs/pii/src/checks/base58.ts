import { hash } from 'node:crypto';

const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const RIPPLE = 'rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz';

/** The bytes that a base 58 text stands for, or null when a character is none of the alphabet's. */
export function fromBase58(text: string, alphabet: string = ALPHABET): number[] | null {
  const bytes: number[] = [];
  for (const character of text) {
    let carry = alphabet.indexOf(character);
    if (carry < 0) return null;
    for (let i = 0; i < bytes.length; i += 1) {
      carry += (bytes[i] ?? 0) * 58;
      bytes[i] = carry & 255;
      carry >>= 8;
    }
    while (carry > 0) {
      bytes.push(carry & 255);
      carry >>= 8;
    }
  }
  for (const character of text) {
    if (character !== alphabet[0]) break;
    bytes.push(0);
  }
  return bytes.reverse();
}

/** Base58Check: the last four bytes are the first of SHA-256 of SHA-256 of what is before them. */
export function isBase58Check(text: string, versions: readonly number[], isRipple = false): boolean {
  const bytes = fromBase58(text, isRipple ? RIPPLE : ALPHABET);
  if (!bytes || bytes.length !== 25 || !versions.includes(bytes[0] ?? -1)) return false;
  const body = Uint8Array.from(bytes.slice(0, 21));
  const sum = hash('sha256', hash('sha256', body, 'buffer'), 'buffer');
  return sum[0] === bytes[21] && sum[1] === bytes[22] && sum[2] === bytes[23] && sum[3] === bytes[24];
}

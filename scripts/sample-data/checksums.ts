import { crc32 } from 'node:zlib';

/** The digit that makes a card number hold (Luhn, ISO/IEC 7812-1 annex B), for the digits before it. */
export function luhnDigit(digits: string): string {
  let sum = 0;
  for (let i = 0; i < digits.length; i += 1) {
    const digit = Number(digits[digits.length - 1 - i]);
    const doubled = digit * 2;
    sum += i % 2 === 1 ? digit : doubled > 9 ? doubled - 9 : doubled;
  }
  return String((10 - (sum % 10)) % 10);
}

/** The two check digits of an IBAN (ISO 13616: mod 97-10 over BBAN, country and 00, letters as 10 to 35). */
export function ibanCheckDigits(country: string, bban: string): string {
  const digits = `${bban}${country}00`.replaceAll(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55));
  let rest = 0;
  for (const digit of digits) rest = (rest * 10 + Number(digit)) % 97;
  return String(98 - rest).padStart(2, '0');
}

export const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The last six characters of a GitHub token: CRC-32 of what stands between them and the prefix, in base 62. */
export function githubChecksum(random: string): string {
  let number = crc32(random);
  let text = '';
  for (let i = 0; i < 6; i += 1) {
    text = (BASE62[number % 62] ?? '') + text;
    number = Math.floor(number / 62);
  }
  return text;
}

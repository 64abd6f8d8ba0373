import { type Digits, at } from './digit-sums.ts';

/** ISO 7064 mod 97-10 over the codes of letters and digits, letters as 10 to 35: the whole leaves 1. */
export function isMod97(codes: ArrayLike<number>, from: number, to: number): boolean {
  let rest = 0;
  for (let i = from; i < to; i += 1) {
    const code = codes[i] ?? 0;
    const isDigit = code >= 48 && code <= 57;
    const value = isDigit ? code - 48 : (code | 32) - 87;
    if (value < 0 || value > 35) return false;
    rest = (isDigit ? rest * 10 + value : rest * 100 + value) % 97;
  }
  return rest === 1;
}

/** ISO 7064 mod 11,10: the Croatian OIB and the German tax number. */
export function isMod11And10(digits: Digits, from: number, count: number): boolean {
  let rest = 10;
  for (let i = 0; i < count - 1; i += 1) {
    rest = (rest + at(digits, from + i)) % 10 || 10;
    rest = (rest * 2) % 11;
  }
  return (11 - rest) % 10 === at(digits, from + count - 1);
}

const TIMES = [
  '0123456789',
  '1234067895',
  '2340178956',
  '3401289567',
  '4012395678',
  '5987604321',
  '6598710432',
  '7659821043',
  '8765932104',
  '9876543210',
];
const PERMUTED = [
  '0123456789',
  '1576283094',
  '5803796142',
  '8916043527',
  '9453126870',
  '4286573901',
  '2793806415',
  '7046913258',
];

/** Verhoeff's check over the dihedral group of order ten: the Indian Aadhaar. */
export function isVerhoeff(digits: Digits, from: number, count: number): boolean {
  let check = 0;
  for (let i = 0; i < count; i += 1) {
    const permuted = Number(PERMUTED[i % 8]?.[at(digits, from + count - 1 - i)]);
    check = Number(TIMES[check]?.[permuted]);
  }
  return check === 0;
}

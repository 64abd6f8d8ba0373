// Checks of the numbers that states outside of Europe give to persons and companies.
import { type Digits, at, isDull, isLuhn, isMonthDay, spelled, weighted } from './digit-sums.ts';
import { isVerhoeff } from './iso7064.ts';

export function isAadhaar(d: Digits, from: number): boolean {
  return at(d, from) > 1 && !isDull(d, from, 12) && isVerhoeff(d, from, 12);
}

export function isTfn(d: Digits, from: number): boolean {
  return weighted(d, from, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0 && !isDull(d, from, 9);
}

export function isAbn(d: Digits, from: number): boolean {
  return at(d, from) > 0 && (weighted(d, from, [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]) - 10) % 89 === 0;
}

export function isAcn(d: Digits, from: number): boolean {
  return (10 - (weighted(d, from, [8, 7, 6, 5, 4, 3, 2, 1]) % 10)) % 10 === at(d, from + 8) && !isDull(d, from, 9);
}

export function isMedicare(d: Digits, from: number): boolean {
  const first = at(d, from);
  return first >= 2 && first <= 6 && weighted(d, from, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 === at(d, from + 8);
}

export function isIrd(d: Digits, from: number): boolean {
  const first = (11 - (weighted(d, from, [3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11;
  const second = (11 - (weighted(d, from, [7, 4, 3, 2, 5, 2, 7, 6]) % 11)) % 11;
  return (first < 10 ? first : second) === at(d, from + 8);
}

export function isThai(d: Digits, from: number): boolean {
  const check = (11 - (weighted(d, from, [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 10;
  return at(d, from) > 0 && at(d, from) < 9 && check === at(d, from + 12);
}

/** The check digit holds for those born before the reform of 2020; the date and the century must hold for all. */
export function isRrn(d: Digits, from: number): boolean {
  return isMonthDay(d, from + 2, from + 4) && at(d, from + 6) >= 1 && at(d, from + 6) <= 8;
}

export function isMyNumber(d: Digits, from: number): boolean {
  const rest = weighted(d, from, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
  return (rest < 2 ? 0 : 11 - rest) === at(d, from + 11) && !isDull(d, from, 12);
}

export function isRic(d: Digits, from: number): boolean {
  const century = spelled(d, from + 6, 2);
  if ((century !== 19 && century !== 20) || !isMonthDay(d, from + 10, from + 12) || at(d, from) === 0) return false;
  return weighted(d, from, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2, 1]) % 11 === 1;
}

/** Brazilian check digits: weights from the left, 11 minus the rest, 10 and 11 count as 0. */
function eleven(d: Digits, from: number, weights: readonly number[]): number {
  const rest = weighted(d, from, weights) % 11;
  return rest < 2 ? 0 : 11 - rest;
}

export function isCpf(d: Digits, from: number): boolean {
  if (isDull(d, from, 11)) return false;
  const first = eleven(d, from, [10, 9, 8, 7, 6, 5, 4, 3, 2]);
  return first === at(d, from + 9) && eleven(d, from, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) === at(d, from + 10);
}

export function isCnpj(d: Digits, from: number): boolean {
  if (isDull(d, from, 14)) return false;
  const first = eleven(d, from, [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]);
  return first === at(d, from + 12) && eleven(d, from, [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]) === at(d, from + 13);
}

export function isCuit(d: Digits, from: number): boolean {
  const check = (11 - (weighted(d, from, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11;
  return [20, 23, 24, 27, 30, 33, 34].includes(spelled(d, from, 2)) && (check === 10 ? 9 : check) === at(d, from + 10);
}

export function isZaId(d: Digits, from: number): boolean {
  return isMonthDay(d, from + 2, from + 4) && at(d, from + 10) < 3 && isLuhn(d, from, 13);
}

export function isMyKad(d: Digits, from: number): boolean {
  return isMonthDay(d, from + 2, from + 4) && spelled(d, from + 6, 2) > 0;
}

export function isIsraeli(d: Digits, from: number): boolean {
  return isLuhn(d, from, 9) && !isDull(d, from, 9);
}

export function isSin(d: Digits, from: number): boolean {
  return isLuhn(d, from, 9) && at(d, from) !== 8 && !isDull(d, from, 9);
}

export function isNik(d: Digits, from: number): boolean {
  const day = spelled(d, from + 6, 2) % 40;
  const month = spelled(d, from + 8, 2);
  return day >= 1 && day <= 31 && month >= 1 && month <= 12 && spelled(d, from, 2) >= 11;
}

export function isNit(d: Digits, from: number): boolean {
  const rest = weighted(d, from, [41, 37, 29, 23, 19, 17, 13, 7, 3]) % 11;
  return (rest < 2 ? rest : 11 - rest) === at(d, from + 9);
}

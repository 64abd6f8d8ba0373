// Checks of the numbers that European states give to persons and companies.
import { type Digits, at, isDull, isLuhn, isMonthDay, modulo, spelled, weighted } from './digit-sums.ts';
import { isMod11And10 } from './iso7064.ts';

/** Ten digits use nine different ones at least, none more than three times; mod 11,10 over all. */
export function isSteuerId(d: Digits, from: number): boolean {
  if (at(d, from) === 0) return false;
  const counts = new Array<number>(10).fill(0);
  for (let i = 0; i < 10; i += 1) counts[at(d, from + i)] = (counts[at(d, from + i)] ?? 0) + 1;
  const most = Math.max(...counts);
  return most <= 3 && isMod11And10(d, from, 11);
}

export function isPesel(d: Digits, from: number): boolean {
  const month = spelled(d, from + 2, 2) % 20;
  if (month < 1 || month > 12 || spelled(d, from + 4, 2) < 1 || spelled(d, from + 4, 2) > 31) return false;
  return weighted(d, from, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0;
}

export function isBsn(d: Digits, from: number): boolean {
  return (
    weighted(d, from, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0 && !isDull(d, from, 9) && spelled(d, from, 9) > 9_999_999
  );
}

export function isNifPt(d: Digits, from: number): boolean {
  const rest = weighted(d, from, [9, 8, 7, 6, 5, 4, 3, 2]) % 11;
  return (rest < 2 ? 0 : 11 - rest) === at(d, from + 8) && at(d, from) !== 0 && !isDull(d, from, 9);
}

export function isNrn(d: Digits, from: number): boolean {
  const month = spelled(d, from + 2, 2) % 20;
  if (month > 12 || spelled(d, from + 4, 2) > 31) return false;
  const check = spelled(d, from + 9, 2);
  const body = spelled(d, from, 9);
  return 97 - (body % 97) === check || 97 - ((2_000_000_000 + body) % 97) === check;
}

export function isSwedish(d: Digits, from: number): boolean {
  const day = spelled(d, from + 4, 2);
  const isDate =
    day > 60 ? isMonthDay([...twoOf(d, from + 2), ...split(day - 60)], 0, 2) : isMonthDay(d, from + 2, from + 4);
  return isDate && isLuhn(d, from, 10);
}

function twoOf(d: Digits, from: number): number[] {
  return [at(d, from), at(d, from + 1)];
}

function split(number: number): number[] {
  return [Math.floor(number / 10), number % 10];
}

export function isSwedishLong(d: Digits, from: number): boolean {
  const century = spelled(d, from, 2);
  return century >= 18 && century <= 20 && isSwedish(d, from + 2);
}

export function isFnr(d: Digits, from: number): boolean {
  const day = spelled(d, from, 2) % 40;
  const month = spelled(d, from + 2, 2) % 40;
  if (day < 1 || day > 31 || month < 1 || month > 12) return false;
  const first = (11 - (weighted(d, from, [3, 7, 6, 1, 8, 9, 4, 5, 2]) % 11)) % 11;
  const second = (11 - (weighted(d, from, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11;
  return first === at(d, from + 9) && second === at(d, from + 10);
}

export function isDayMonth(d: Digits, from: number): boolean {
  return isMonthDay(d, from + 2, from);
}

export function isAhv(d: Digits, from: number): boolean {
  return spelled(d, from, 3) === 756 && weighted(d, from, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]) % 10 === 0;
}

export function isSvnr(d: Digits, from: number): boolean {
  const sum = weighted(d, from, [3, 7, 9, 0, 5, 8, 4, 2, 1, 6]) % 11;
  return at(d, from) !== 0 && sum === at(d, from + 3) && isDayMonth(d, from + 4);
}

export function isRc(d: Digits, from: number): boolean {
  const month = spelled(d, from + 2, 2) % 50;
  const isMonth = (month >= 1 && month <= 12) || (month >= 21 && month <= 32);
  const day = spelled(d, from + 4, 2);
  return (
    isMonth &&
    day >= 1 &&
    day <= 31 &&
    (modulo(d, from, 10, 11) === 0 || (modulo(d, from, 9, 11) === 10 && at(d, from + 9) === 0))
  );
}

export function isCnp(d: Digits, from: number): boolean {
  const rest = weighted(d, from, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11;
  return at(d, from) !== 0 && isMonthDay(d, from + 3, from + 5) && (rest === 10 ? 1 : rest) === at(d, from + 12);
}

export function isEgn(d: Digits, from: number): boolean {
  const month = spelled(d, from + 2, 2) % 20;
  if (month < 1 || month > 12 || spelled(d, from + 4, 2) > 31) return false;
  return (weighted(d, from, [2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11) % 10 === at(d, from + 9);
}

export function isBaltic(d: Digits, from: number): boolean {
  if (at(d, from) < 1 || at(d, from) > 6 || !isMonthDay(d, from + 3, from + 5)) return false;
  const first = weighted(d, from, [1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) % 11;
  const second = weighted(d, from, [3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 11;
  return (first < 10 ? first : second % 10) === at(d, from + 10);
}

export function isTurkish(d: Digits, from: number): boolean {
  if (at(d, from) === 0) return false;
  const odd = weighted(d, from, [1, 0, 1, 0, 1, 0, 1, 0, 1]);
  const even = weighted(d, from, [0, 1, 0, 1, 0, 1, 0, 1]);
  const tenth = (((odd * 7 - even) % 10) + 10) % 10;
  return tenth === at(d, from + 9) && (odd + even + tenth) % 10 === at(d, from + 10);
}

export function isNhs(d: Digits, from: number): boolean {
  const check = (11 - (weighted(d, from, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11;
  return check === at(d, from + 9) && !isDull(d, from, 10);
}

export function isNir(d: Digits, from: number): boolean {
  const first = at(d, from);
  const month = spelled(d, from + 3, 2);
  if ((first !== 1 && first !== 2) || month === 0 || (month > 12 && month < 20) || month > 99) return false;
  return 97 - (modulo(d, from, 13, 97) % 97) === spelled(d, from + 13, 2);
}

/** The number of a French company, with or without that of the place. */
export function isSiret(d: Digits, from: number): boolean {
  return isLuhn(d, from, 9) && !isDull(d, from, 9);
}

/** The personal number of the states that were Yugoslavia. */
export function isJmbg(d: Digits, from: number): boolean {
  const rest = weighted(d, from, [7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
  return isDayMonth(d, from) && (rest < 2 ? 0 : 11 - rest) === at(d, from + 12);
}

/** Digits as numbers, from a place on: what the checks of all countries are written in. */
export type Digits = ArrayLike<number>;

export function at(digits: Digits, index: number): number {
  return digits[index] ?? 0;
}

/** The sum of digits, each times its weight. */
export function weighted(digits: Digits, from: number, weights: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < weights.length; i += 1) sum += at(digits, from + i) * (weights[i] ?? 0);
  return sum;
}

/** The number that `count` digits spell. Exact up to 15 digits. */
export function spelled(digits: Digits, from: number, count: number): number {
  let number = 0;
  for (let i = 0; i < count; i += 1) number = number * 10 + at(digits, from + i);
  return number;
}

/** The number that `count` digits spell, modulo a small number. */
export function modulo(digits: Digits, from: number, count: number, modulus: number): number {
  let rest = 0;
  for (let i = 0; i < count; i += 1) rest = (rest * 10 + at(digits, from + i)) % modulus;
  return rest;
}

/** ISO/IEC 7812-1 annex B: every second digit from the right counts twice, by its own digit sum. */
export function isLuhn(digits: Digits, from: number, count: number): boolean {
  let sum = 0;
  for (let i = 0; i < count; i += 1) {
    const digit = at(digits, from + count - 1 - i);
    const doubled = digit * 2;
    sum += i % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** The digit that makes it one, behind all the others. */
export function luhnDigit(digits: readonly number[]): number {
  for (let last = 0; last < 9; last += 1) if (isLuhn([...digits, last], 0, digits.length + 1)) return last;
  return 9;
}

/** Made of one digit, or of digits in order: the numbers that people write when they mean none. */
export function isDull(digits: Digits, from: number, count: number): boolean {
  let same = 0;
  let rising = 0;
  for (let i = 1; i < count; i += 1) {
    if (at(digits, from + i) === at(digits, from + i - 1)) same += 1;
    if (at(digits, from + i) === (at(digits, from + i - 1) + 1) % 10) rising += 1;
  }
  return same >= count - 1 || rising >= count - 1;
}

const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

export function isDay(month: number, day: number): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= (DAYS[month - 1] ?? 0);
}

/** Two digits of a month and two of a day, at their places. */
export function isMonthDay(digits: Digits, monthAt: number, dayAt: number): boolean {
  return isDay(spelled(digits, monthAt, 2), spelled(digits, dayAt, 2));
}

export function digitsOf(text: string): number[] {
  const digits: number[] = [];
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code >= 48 && code <= 57) digits.push(code - 48);
  }
  return digits;
}

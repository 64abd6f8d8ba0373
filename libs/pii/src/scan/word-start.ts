import { KIND, LETTER, LOWER, UPPER } from './characters.ts';
import { FOLD } from './fold.ts';
import type { Reading } from './reading.ts';

/** Where the word begins whose letters end at `end`. */
export function wordStart(reading: Reading, end: number): number {
  let start = end;
  while (start > reading.from && isLetter(reading.code(start - 1))) start -= 1;
  return start;
}

export function isLetter(code: number): boolean {
  const kind = KIND[code] ?? 0;
  return kind >= LOWER && kind <= LETTER;
}

export function isCapitalCode(code: number): boolean {
  return KIND[code] === UPPER || (KIND[code] === LETTER && FOLD[code] !== code);
}

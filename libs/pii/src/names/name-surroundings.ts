import type { Reading } from '../scan/reading.ts';
import { AFTER } from './name-words.ts';

const REACH = 18;

/** Behind `end` stands what only persons do. */
export function acts(reading: Reading, end: number): boolean {
  return reading.code(end) <= 44 && AFTER.test(reading.text.slice(end, Math.min(reading.end, end + REACH)));
}

/** `Art. 6`, `Jan 2024`: the word before `end` is no name. */
export function isShortForm(reading: Reading, end: number): boolean {
  return /^\.? ?\d/.test(reading.text.slice(end, end + 3));
}

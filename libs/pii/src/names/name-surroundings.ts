import { foldedHash, hashWord } from '../scan/context.ts';
import type { Reading } from '../scan/reading.ts';
import { isLetter, wordStart } from '../scan/word-start.ts';
import { AFTER_WORDS, BEFORE, SURE_PHRASES } from './name-words.ts';

const REACH = 18;
const BACK = 28;
const MAX_GAP = 14;
const COMMA = 44;
const AFTER = new RegExp(`^,?\\s(?:${AFTER_WORDS})(?![\\p{L}])`, 'u');
const SURE_BEFORE = new RegExp(`\\b(?:${SURE_PHRASES}|name(?=[:\\s.>"=]))[\\s:,"'*_.>]{0,${MAX_GAP}}$`, 'i');
/** Words next to a name without which the expressions need not be tried. */
const sureLast = new Set(['name', ...SURE_PHRASES.split('|')].map((phrase) => hashOf(/\p{L}+$/u, phrase)));
const afterFirst = new Set(AFTER_WORDS.split('|').map((phrase) => hashOf(/^\p{L}+/u, phrase)));

function hashOf(part: RegExp, phrase: string): number {
  return hashWord(part.exec(phrase)?.[0] ?? '');
}

/** Behind `end` stands what only persons do. */
export function acts(reading: Reading, end: number): boolean {
  if (reading.code(end) > COMMA) return false;
  const from = reading.code(end) === COMMA ? end + 2 : end + 1;
  let stop = from;
  while (isLetter(reading.code(stop))) stop += 1;
  if (!afterFirst.has(foldedHash(reading.codes, from, stop))) return false;
  return AFTER.test(reading.text.slice(end, Math.min(reading.end, end + REACH)));
}

/** What stands before `start` says that a name follows, whatever the name. */
export function isSurelyNamed(reading: Reading, start: number): boolean {
  let end = start;
  while (start - end <= MAX_GAP && isBetween(reading.code(end - 1))) end -= 1;
  const first = wordStart(reading, end);
  return first < end && sureLast.has(foldedHash(reading.codes, first, end)) && SURE_BEFORE.test(before(reading, start));
}

/** What stands before `start` speaks for a name. */
export function isMaybeNamed(reading: Reading, start: number): boolean {
  return BEFORE.test(before(reading, start));
}

function before(reading: Reading, start: number): string {
  return reading.text.slice(Math.max(reading.from, start - BACK), start);
}

function isBetween(code: number): boolean {
  return code !== 0 && !isLetter(code) && (code < 48 || code > 57);
}

/** `Art. 6`, `Jan 2024`: the word before `end` is no name. */
export function isShortForm(reading: Reading, end: number): boolean {
  return /^\.? ?\d/.test(reading.text.slice(end, end + 3));
}

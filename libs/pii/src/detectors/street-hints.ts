import { DIGIT, KIND, LETTER, LOWER, UPPER } from '../scan/characters.ts';
import { foldedHash, hashWord } from '../scan/context.ts';
import type { Reading } from '../scan/reading.ts';
import { WordEnds } from '../scan/word-ends.ts';
import { isLetter } from '../scan/word-start.ts';
import { BEGINS, ENDS, LAST_WORDS, STREET_WORDS } from './street-words.ts';

const SPACE = 32;
const MAX_NUMBER = 14;

function lettersOf(words: string): string[] {
  return words.split('|').map((word) => /\p{L}+/u.exec(word)?.[0] ?? '');
}

const beginnings = new Set(lettersOf(`${BEGINS}|${STREET_WORDS}`).map(hashWord));
const lastWords = new Set(lettersOf(LAST_WORDS).map(hashWord));
const endings = new WordEnds(lettersOf(ENDS));

/**
 * Whether one of the words in the `back` characters before `at` belongs to a street or a box: without one the long
 * expressions need not be tried, and most numbers in a text stand behind none.
 */
export function mayBeBehindStreet(reading: Reading, at: number, back: number): boolean {
  const { codes } = reading;
  const from = Math.max(reading.from, at - back);
  let end = at;
  let words = 0;
  while (end > from) {
    if (isLetter(codes[end - 1] ?? 0)) {
      const start = wordStart(codes, from, end);
      if (says(codes, start, end, words)) return true;
      words += 1;
      end = start;
    } else end -= 1;
  }
  return false;
}

/** Where the word begins that ends at `end`; a capital begins one, as in `ViaRoma`. */
function wordStart(codes: Uint16Array, from: number, end: number): number {
  let start = end;
  while (start > from && isLetter(codes[start - 1] ?? 0)) {
    start -= 1;
    if (KIND[codes[start] ?? 0] === UPPER && KIND[codes[start - 1] ?? 0] === LOWER) break;
  }
  return start;
}

/** What streets end in stands in one of the last two words: `Hauptstraße 5`, `Hauptstraße n 5`. */
function says(codes: Uint16Array, start: number, end: number, words: number): boolean {
  if (words < 2 && endings.has(codes, start, end)) return true;
  const hash = foldedHash(codes, start, end);
  return beginnings.has(hash) || (words === 0 && lastWords.has(hash));
}

/** The first character behind the space that follows a house number at `start`; 0 where none does. */
export function behindNumber(reading: Reading, start: number): number {
  for (let at = start; at < start + MAX_NUMBER; at += 1) if (reading.code(at) === SPACE) return reading.code(at + 1);
  return 0;
}

/** A capital, or the digit of `5th`. */
export function mayBeginEnglish(code: number): boolean {
  const kind = KIND[code];
  return kind === UPPER || kind === LETTER || kind === DIGIT;
}

const ROMANCE_FIRST = new Set(Buffer.from('rabpicqftdRABPICQFTD'));

export function mayBeginRomance(code: number): boolean {
  return ROMANCE_FIRST.has(code);
}

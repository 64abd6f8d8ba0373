import { KIND, UPPER } from '../scan/characters.ts';
import type { Reading } from '../scan/reading.ts';

const SMALL =
  /^[ ](?:(?:van|von|de|der|den|del|della|di|da|do|dos|das|du|la|le|los|las|el|al|bin|ibn|ben|zu|ter|ten|af|av)[ ]){1,3}$/;

/**
 * Whether two capital words belong together, by what stands between them. `isShort`: the first is an initial, a title or
 * the short form of a prefix, as in O'Brien, D'Angelo and St. John.
 */
export function isJoint(text: string, from: number, to: number, isShort: boolean): boolean {
  const length = to - from;
  const first = text.charCodeAt(from);
  if (first === 39 || first === 0x2019 || first === 46) return isShort && length <= 2;
  if (length === 1) return first === 32 || first === 45;
  if (length === 2) return first === 44 && text.charCodeAt(from + 1) === 32;
  return length < 16 && SMALL.test(text.slice(from, to));
}

/** At the beginning of a text, a line or a sentence a capital says nothing. */
export function isAtBeginning(reading: Reading, start: number): boolean {
  const { codes, from } = reading;
  let at = start - 1;
  while (at >= from && MARKS[codes[at] ?? 0] === BETWEEN) at -= 1;
  return at < from || MARKS[codes[at] ?? 0] === BEFORE;
}

const BETWEEN = 1;
const BEFORE = 2;
/** What may stand before the first word of a sentence, and what stands behind the last of the one before. */
const MARKS = marks();

function marks(): Uint8Array {
  const table = new Uint8Array(0x10000);
  for (const mark of ' "\'([*_>«“‘-–—') table[mark.charCodeAt(0)] = BETWEEN;
  for (const mark of '.!?:\n\r\t;|…#') table[mark.charCodeAt(0)] = BEFORE;
  return table;
}

/**
 * A capital behind a small letter that is not the `c` of McDonald or the like; or small letters behind three capitals.
 * `words` counts what such capitals begin.
 */
export function isCamel(text: string, start: number, end: number, words: number): boolean {
  const isUpper = (at: number): boolean => KIND[text.charCodeAt(at)] === UPPER;
  if (words === 1) return end - start > 3 && isUpper(start + 1) && isUpper(start + 2) && !isUpper(end - 1);
  let at = start + 1;
  while (at < end && !isUpper(at)) at += 1;
  return words > 2 || !PREFIX.test(text.slice(start, at));
}

const PREFIX = /^(?:Ma?c|De|Del|Di|Du|La|Le|Van|Von|Fitz|O|Ap|Al|El|Abu|Ben|Bin)$/;

import { KIND, UPPER } from '../scan/characters.ts';
import { contextNumber } from '../scan/context.ts';
import { acts, isMaybeNamed, isShortForm, isSurelyNamed } from './name-surroundings.ts';
import { IS_FIRST, IS_LAST, IS_ORGANIZATION, IS_PLACE, IS_TITLE, IS_WORD } from './name-table.ts';
import type { RunWords } from './run-words.ts';

/** A JSON key says that its value is a name. */
const PERSON = contextNumber('person');
const MAX_NAME = 5;
/** What the rules say of a name behind a title, in hundredths. */
export const TITLED = 88;
const COMMA = 44;
const HYPHEN = 45;

/** The key of JSON says that its value is a name, and the run begins the value. */
export function isNamedByKey({ reading, start }: RunWords): boolean {
  return (start[0] ?? 0) - reading.from < 2 && reading.isNear(PERSON, reading.from, 0);
}

/** Names by rule: by lists, by titles and by what is said around them. Notes in the words what it makes of each. */
export function judgeByRules(words: RunWords): void {
  words.ruled.fill(0, 0, words.count);
  let at = 0;
  while (at < words.count) {
    const next = person(words, at);
    at = next > at ? next : at + 1;
  }
}

/** A name that begins at word `at`; gives back the word behind it, or `at`. */
function person(words: RunWords, at: number): number {
  // A comma, or the hyphen of `MM-DD`, ends what could be a title.
  const mark = words.markBefore(at + 1);
  if (words.is(at, IS_TITLE) && at + 1 < words.count && mark !== COMMA && mark !== HYPHEN) return titled(words, at + 1);
  const stop = stopOf(words, at);
  const confidence = trust(words, at, stop);
  if (confidence === 0) return at;
  note(words, at, stop, confidence);
  return stop;
}

function titled(words: RunWords, at: number): number {
  if (words.is(at, IS_TITLE) && at + 1 < words.count) return titled(words, at + 1);
  const stop = stopOf(words, at);
  if (stop === at || isOnlyWords(words, at, stop)) return at - 1;
  note(words, at, stop, TITLED / 100);
  return stop;
}

function note(words: RunWords, at: number, stop: number, confidence: number): void {
  words.ruled.fill(Math.round(Math.min(confidence, 0.95) * 100), at, stop);
}

/** Behind the last word of the name: at a plain word, an organization, a comma, or after five words. */
function stopOf(words: RunWords, from: number): number {
  let at = from;
  while (at < words.count && at - from < MAX_NAME) {
    const isName = words.is(at, IS_FIRST | IS_LAST);
    const isInitial = words.length(at) === 1;
    if (at > from && words.hasComma(at)) break;
    if (at > from && words.is(at, IS_WORD) && !(isName && at - from < 3)) break;
    if (at > from && !isName && !isInitial && words.is(at, IS_ORGANIZATION)) break;
    at += 1;
  }
  return at;
}

function trust(words: RunWords, at: number, stop: number): number {
  const isFirst = words.is(at, IS_FIRST);
  const isWord = words.is(at, IS_WORD);
  const isPlace = words.is(at, IS_PLACE);
  const count = stop - at;
  if (isWord && !isFirst && count === 1) return 0;
  const isFollowed = stop < words.count && !words.hasComma(stop);
  if (isFollowed && words.is(stop, IS_ORGANIZATION)) return 0;
  const { reading } = words;
  const start = words.start[at] ?? 0;
  const isSure =
    (at === 0 && isNamedByKey(words)) || isSurelyNamed(reading, start) || acts(reading, words.end[stop - 1] ?? 0);
  if (isSure && !isWord && (count > 1 || isFirst || !isPlace)) return 0.8;
  if (count > 1) return ofSeveral(words, at, stop) + (isMaybeNamed(reading, start) ? 0.05 : 0);
  if (!isFirst || isWord || words.length(at) < 3) return isFirst && isSure && words.isBeginning[at] === 0 ? 0.6 : 0;
  if (isPlace && !isSure) return 0;
  return words.isUpper(at) || isShortForm(reading, words.end[at] ?? 0) ? 0 : 0.68;
}

/** Of a run of several words: how much they look like first and last name. */
function ofSeveral(words: RunWords, at: number, stop: number): number {
  const isFirst = words.is(at, IS_FIRST);
  const isWord = words.is(at, IS_WORD);
  const { last, plain, initials } = countOf(words, at + 1, stop);
  if (!isWord && initials === 1 && stop - at === 3 && plain === 0) return 0.8;
  if (isFirst && !isWord) return last > 0 ? 0.9 : initials === stop - at - 1 ? 0.7 : plain > 0 ? 0 : 0.75;
  // `My IBAN` is a word that some are called, and an abbreviation.
  if (isFirst && last > 0 && plain === 0) return words.isUpper(at + 1) && !words.isUpper(at) ? 0 : 0.65;
  const isInitial = words.length(at) === 1;
  const isCapital = KIND[words.reading.code((words.end[stop - 1] ?? 0) - 1)] === UPPER;
  if (isInitial && last > 0 && plain === 0 && !isCapital) return 0.7;
  const isOther = isWord || isInitial || words.is(at, IS_PLACE) || words.is(stop - 1, IS_ORGANIZATION);
  return !isOther && last > 0 && plain === 0 && words.isBeginning[at] === 0 ? 0.6 : 0;
}

function countOf(words: RunWords, from: number, to: number): { last: number; plain: number; initials: number } {
  const counts = { last: 0, plain: 0, initials: 0 };
  for (let word = from; word < to; word += 1) {
    if (words.is(word, IS_FIRST | IS_LAST)) counts.last += 1;
    if (words.is(word, IS_WORD)) counts.plain += 1;
    if (words.length(word) === 1) counts.initials += 1;
  }
  return counts;
}

function isOnlyWords(words: RunWords, at: number, stop: number): boolean {
  for (let word = at; word < stop; word += 1) {
    if (!words.is(word, IS_WORD) || words.is(word, IS_FIRST | IS_LAST)) return false;
  }
  return true;
}

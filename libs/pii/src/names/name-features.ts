import { contextsOf, foldedHash, hashStep } from '../scan/context.ts';
import { FOLD } from '../scan/fold.ts';
import { isLetter } from '../scan/word-start.ts';
import { KIND, UPPER } from '../scan/characters.ts';
import type { Reading } from '../scan/reading.ts';
import { IS_FIRST, IS_LAST } from './name-table.ts';
import type { RunWords } from './run-words.ts';

export const FEATURE_BITS = 17;
const MASK = (1 << FEATURE_BITS) - 1;
const MAX_FEATURES = 48;
const MAX_GAP = 4;
const MAX_LETTERS = 20;
const NO_WORD = 1;
const AT_BORDER = 2;

/** What speaks for and against a word being part of a person's name, as places in the table of weights. */
export class NameFeatures {
  readonly at = new Int32Array(MAX_FEATURES);
  count = 0;
  #previousWord = 0;
  #beforeThat = 0;
  #nextWord = 0;

  /** What is the same for all words of a run: the words around it. */
  begin(words: RunWords): void {
    const { reading } = words;
    const first = words.start[0] ?? 0;
    this.#previousWord = wordBefore(reading, first);
    this.#beforeThat = wordBefore(reading, beginningBefore(reading, first));
    this.#nextWord = wordBehind(reading, words.end[words.count - 1] ?? 0);
  }

  /** Of word `at`; `wasName` says whether the one before it was found to be part of a name. */
  of(words: RunWords, at: number, wasName: boolean): void {
    this.count = 0;
    const flags = words.flags[at] ?? 0;
    const before = at > 0 ? (words.flags[at - 1] ?? 0) + 1 : 0;
    const behind = at + 1 < words.count ? (words.flags[at + 1] ?? 0) + 1 : 0;
    const length = words.length(at);
    const form = formOf(words, at);
    this.#add(1, 0);
    this.#add(2, flags);
    this.#add(3, flags * 512 + before);
    this.#add(4, flags * 512 + behind);
    this.#add(5, (flags * 512 + before) * 512 + behind);
    this.#add(6, form * 32 + Math.min(length, 12));
    this.#add(7, (wasName ? 1 : 0) * 512 + before);
    this.#add(8, (wasName ? 1 : 0) * 256 + flags);
    this.#add(9, ((words.isBeginning[at] ?? 0) * 256 + flags) * 4 + form);
    this.#add(10, placeOf(words, at) * 16 + Math.min(words.count, 6));
    this.#add(11, words.ruled[at] ?? 0);
    this.#add(12, (words.ruled[at] ?? 0) * 256 + flags);
    this.#add(13, (contextsOf(words.hash[at] ?? 0) === null ? 0 : 4) + form);
    this.#spelling(words, at, flags);
    this.#surroundings(words, at, flags, form);
  }

  #spelling(words: RunWords, at: number, flags: number): void {
    const { codes } = words.reading;
    const end = words.end[at] ?? 0;
    const length = words.length(at);
    // A name that is on a list is not learned by heart: others are called otherwise.
    if ((flags & (IS_FIRST | IS_LAST)) === 0 || (flags & 8) !== 0) this.#add(20, words.hash[at] ?? 0);
    let hash = 0;
    for (let letters = 1; letters <= 4 && letters < length; letters += 1) {
      const code = codes[end - letters] ?? 0;
      hash = hashStep(hash, FOLD[code] ?? code);
      if (letters > 1) this.#add(20 + letters, hash);
    }
    if (length > 3) this.#add(26, foldedHash(codes, words.start[at] ?? 0, (words.start[at] ?? 0) + 3));
  }

  #surroundings(words: RunWords, at: number, flags: number, form: number): void {
    const { reading } = words;
    const before = at > 0 ? (words.hash[at - 1] ?? 0) : this.#previousWord;
    const twoBefore = at > 1 ? (words.hash[at - 2] ?? 0) : at === 1 ? this.#previousWord : this.#beforeThat;
    const behind = at + 1 < words.count ? (words.hash[at + 1] ?? 0) : this.#nextWord;
    const isName = (flags & (IS_FIRST | IS_LAST)) !== 0 ? 1 : 0;
    const left = reading.code((words.start[at] ?? 0) - 1);
    const right = reading.code(words.end[at] ?? 0);
    const farther = reading.code((words.end[at] ?? 0) + 1);
    this.#add(30, before);
    this.#add(31, behind);
    this.#add(32, before ^ Math.imul(twoBefore, 31));
    this.#add(33, before * 2 + isName);
    this.#add(34, behind * 2 + isName);
    this.#add(35, this.#previousWord ^ placeOf(words, at));
    this.#add(36, this.#nextWord ^ placeOf(words, at));
    this.#add(37, left);
    this.#add(38, right);
    this.#add(39, right * 256 + farther);
    this.#add(40, (left * 256 + right) * 4 + form);
    this.#add(41, words.markBefore(0) * 4 + form);
    this.#add(42, words.markBefore(at) * 512 + flags);
    this.#add(43, twoBefore);
  }

  #add(kind: number, value: number): void {
    let hash = Math.imul(value ^ Math.imul(kind, 0x9e3779b1), 0x85ebca6b);
    hash ^= hash >>> 15;
    hash = Math.imul(hash, 0xc2b2ae35);
    this.at[this.count++] = (hash ^ (hash >>> 13)) & MASK;
  }
}

/** 0 for `Ann`, 1 for `ANN`, 2 for `A`, 3 for `ann`. */
function formOf(words: RunWords, at: number): number {
  if (words.length(at) === 1) return 2;
  const { codes } = words.reading;
  const first = codes[words.start[at] ?? 0] ?? 0;
  if (KIND[first] !== UPPER && FOLD[first] === first) return 3;
  const last = codes[(words.end[at] ?? 0) - 1] ?? 0;
  return KIND[last] === UPPER || (FOLD[last] ?? last) !== last ? 1 : 0;
}

/** Alone, first, last or between others. */
function placeOf(words: RunWords, at: number): number {
  return (at === 0 ? 1 : 0) + (at === words.count - 1 ? 2 : 0);
}

/** Where the word begins that ends before `at`, or `at` when there is none near. */
function beginningBefore(reading: Reading, at: number): number {
  const end = lettersBefore(reading, at);
  if (end < 0) return at;
  let start = end;
  while (start > reading.from && end - start < MAX_LETTERS && isLetter(reading.code(start - 1))) start -= 1;
  return start;
}

/** The end of the letters before `at`, on the same line; -1 for none. */
function lettersBefore(reading: Reading, at: number): number {
  for (let end = at; end > reading.from && at - end <= MAX_GAP; end -= 1) {
    const code = reading.code(end - 1);
    if (isLetter(code)) return end;
    if (code === 10) return -1;
  }
  return -1;
}

function wordBefore(reading: Reading, at: number): number {
  const end = lettersBefore(reading, at);
  if (end < 0) return at - reading.from <= 1 || reading.code(at - 1) === 10 ? AT_BORDER : NO_WORD;
  return foldedHash(reading.codes, beginningBefore(reading, at), end);
}

function wordBehind(reading: Reading, at: number): number {
  let start = at;
  while (start < reading.end && start - at < MAX_GAP && !isLetter(reading.code(start))) {
    if (reading.code(start) === 10) return AT_BORDER;
    start += 1;
  }
  if (start >= reading.end) return AT_BORDER;
  let end = start;
  while (end < reading.end && end - start < MAX_LETTERS && isLetter(reading.code(end))) end += 1;
  return end === start ? NO_WORD : foldedHash(reading.codes, start, end);
}

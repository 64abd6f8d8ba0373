import { KIND, UPPER } from '../scan/characters.ts';
import { contextNumber } from '../scan/context.ts';
import type { Reading } from '../scan/reading.ts';
import { IS_FIRST, IS_LAST, IS_ORGANIZATION, IS_PLACE, IS_TITLE, IS_WORD } from './name-table.ts';
import { acts, isShortForm } from './name-surroundings.ts';
import { BEFORE, SURE_BEFORE } from './name-words.ts';

/** A JSON key says that its value is a name. */
const PERSON = contextNumber('person');
const MAX_WORDS = 12;
const MAX_NAME = 5;
const BACK = 28;

/** Capital words in a row, and the names found among them. One object is used again for all runs of a text. */
export class NameRun {
  count = 0;
  readonly #start = new Int32Array(MAX_WORDS);
  readonly #end = new Int32Array(MAX_WORDS);
  readonly #flags = new Uint8Array(MAX_WORDS);
  readonly #beginning: boolean[] = [];
  readonly #persons: boolean;
  readonly #places: boolean;
  /** Last names of persons found before in this text: they stand for the person from there on. */
  readonly #known = new Set<string>();
  /** Single words that may be such last names. */
  readonly #singles: { start: number; end: number }[] = [];
  #reading: Reading | null = null;

  constructor(persons: boolean, places: boolean) {
    this.#persons = persons;
    this.#places = places;
  }

  begin(reading: Reading): void {
    this.#reading = reading;
    this.count = 0;
    this.#known.clear();
    this.#singles.length = 0;
  }

  push(start: number, end: number, flags: number, isBeginning: boolean): void {
    this.#start[this.count] = start;
    this.#end[this.count] = end;
    this.#flags[this.count] = flags;
    this.#beginning[this.count] = isBeginning;
    this.count += 1;
  }

  /** Reads the words gathered so far into names. */
  close(): void {
    const reading = this.#reading;
    for (let at = 0; reading && at < this.count;) {
      const next = this.#persons ? this.#person(reading, at) : at;
      if (next === at && this.#places) this.#place(reading, at);
      at = next > at ? next : at + 1;
    }
    this.count = 0;
  }

  /** When all is read: last names that were known by then. */
  end(): void {
    for (const { start, end } of this.#singles) {
      if (this.#known.has(this.#reading?.text.slice(start, end) ?? ''))
        this.#add('PERSON', start, end, 0.75, 'a last name said before');
    }
    this.#reading = null;
  }

  /** A name that begins at word `at`; gives back the word behind it, or `at`. */
  #person(reading: Reading, at: number): number {
    // A comma, or the hyphen of `MM-DD`, ends what could be a title.
    if (this.#is(at, IS_TITLE) && at + 1 < this.count && ![44, 45].includes(this.#markBefore(reading, at + 1)))
      return this.#titled(reading, at + 1);
    const stop = this.#stop(reading, at);
    const confidence = this.#trust(reading, at, stop);
    if (confidence === 0) {
      const isSingle = stop - at === 1 && this.#length(at) > 2 && !this.#is(at, IS_WORD);
      if (isSingle) this.#singles.push({ start: this.#start[at] ?? 0, end: this.#end[at] ?? 0 });
      return at;
    }
    this.#found(reading, at, stop, confidence);
    return stop;
  }

  #titled(reading: Reading, at: number): number {
    if (this.#is(at, IS_TITLE) && at + 1 < this.count) return this.#titled(reading, at + 1);
    const stop = this.#stop(reading, at);
    if (stop === at || this.#isOnlyWords(at, stop)) return at - 1;
    this.#found(reading, at, stop, 0.88);
    return stop;
  }

  /** Behind the last word of the name: at a plain word, an organization, a comma, or after five words. */
  #stop(reading: Reading, from: number): number {
    let at = from;
    while (at < this.count && at - from < MAX_NAME) {
      const flags = this.#flags[at] ?? 0;
      const isName = (flags & (IS_FIRST | IS_LAST)) !== 0;
      const isInitial = this.#length(at) === 1;
      if (at > from && this.#hasComma(reading, at)) break;
      if (at > from && (flags & IS_WORD) !== 0 && !(isName && at - from < 3)) break;
      if (at > from && !isName && !isInitial && this.#is(at, IS_ORGANIZATION)) break;
      at += 1;
    }
    return at;
  }

  #trust(reading: Reading, at: number, stop: number): number {
    const first = this.#flags[at] ?? 0;
    const isFirst = (first & IS_FIRST) !== 0;
    const isWord = (first & IS_WORD) !== 0;
    const words = stop - at;
    if (isWord && !isFirst && words === 1) return 0;
    const isFollowed = stop < this.count && !this.#hasComma(reading, stop);
    if (isFollowed && this.#is(stop, IS_ORGANIZATION)) return 0;
    const before = reading.text.slice(Math.max(reading.from, (this.#start[at] ?? 0) - BACK), this.#start[at]);
    const isNamed = (this.#start[at] ?? 0) - reading.from < 2 && reading.isNear(PERSON, reading.from, 0);
    const isSure = isNamed || SURE_BEFORE.test(before) || acts(reading, this.#end[stop - 1] ?? 0);
    if (isSure && !isWord && (words > 1 || isFirst || (first & IS_PLACE) === 0)) return 0.8;
    if (words > 1) return this.#ofSeveral(at, stop, isFirst, isWord) + (BEFORE.test(before) ? 0.05 : 0);
    if (!isFirst || isWord || this.#length(at) < 3) return isFirst && isSure && !this.#beginning[at] ? 0.6 : 0;
    if ((first & IS_PLACE) !== 0 && !isSure) return 0;
    return this.#isUpper(reading, at) || isShortForm(reading, this.#end[at] ?? 0) ? 0 : 0.68;
  }

  /** Of a run of several words: how much they look like first and last name. */
  #ofSeveral(at: number, stop: number, isFirst: boolean, isWord: boolean): number {
    let last = 0;
    let plain = 0;
    let initials = 0;
    for (let word = at + 1; word < stop; word += 1) {
      const flags = this.#flags[word] ?? 0;
      if ((flags & (IS_LAST | IS_FIRST)) !== 0) last += 1;
      if ((flags & IS_WORD) !== 0) plain += 1;
      if (this.#length(word) === 1) initials += 1;
    }
    if (!isWord && initials === 1 && stop - at === 3 && plain === 0) return 0.8;
    if (isFirst && !isWord) return last > 0 ? 0.9 : initials === stop - at - 1 ? 0.7 : plain > 0 ? 0 : 0.75;
    // `My IBAN` is a word that some are called, and an abbreviation.
    const isShort = this.#isUpper(this.#reading!, at + 1) && !this.#isUpper(this.#reading!, at);
    if (isFirst && last > 0 && plain === 0) return isShort ? 0 : 0.65;
    const isInitial = this.#length(at) === 1;
    const isCapital = KIND[this.#reading!.code((this.#end[stop - 1] ?? 0) - 1)] === UPPER;
    if (isInitial && last > 0 && plain === 0 && !isCapital) return 0.7;
    const isOther = isWord || isInitial || this.#is(at, IS_PLACE) || this.#is(stop - 1, IS_ORGANIZATION);
    return !isOther && last > 0 && plain === 0 && !this.#beginning[at] ? 0.6 : 0;
  }

  #place(reading: Reading, at: number): void {
    const flags = this.#flags[at] ?? 0;
    if ((flags & IS_PLACE) === 0 || (flags & (IS_WORD | IS_FIRST)) !== 0 || this.#length(at) < 4) return;
    let stop = at + 1;
    while (stop < this.count && this.#is(stop, IS_PLACE) && !this.#hasComma(reading, stop)) stop += 1;
    this.#add('LOCATION', this.#start[at] ?? 0, this.#end[stop - 1] ?? 0, 0.6, 'a name of a place');
  }

  #found(reading: Reading, at: number, stop: number, confidence: number): void {
    this.#add('PERSON', this.#start[at] ?? 0, this.#end[stop - 1] ?? 0, Math.min(confidence, 0.95), 'names in a row');
    for (let word = at; word < stop; word += 1) {
      const isWord = this.#is(word, IS_WORD);
      if (!isWord && !this.#isUpper(reading, word)) this.#known.add(this.#word(reading, word));
    }
  }

  #isOnlyWords(at: number, stop: number): boolean {
    for (let word = at; word < stop; word += 1) {
      if (!this.#is(word, IS_WORD) || this.#is(word, IS_FIRST | IS_LAST)) return false;
    }
    return true;
  }

  #hasComma(reading: Reading, at: number): boolean {
    return this.#markBefore(reading, at) === 44;
  }

  #markBefore(reading: Reading, at: number): number {
    return reading.text.charCodeAt(this.#end[at - 1] ?? 0);
  }

  #isUpper(reading: Reading, at: number): boolean {
    const word = this.#word(reading, at);
    return word.length > 1 && word === word.toUpperCase();
  }

  #is(at: number, flag: number): boolean {
    return ((this.#flags[at] ?? 0) & flag) !== 0;
  }

  #length(at: number): number {
    return (this.#end[at] ?? 0) - (this.#start[at] ?? 0);
  }

  #word(reading: Reading, at: number): string {
    return reading.text.slice(this.#start[at], this.#end[at]);
  }

  #add(type: string, start: number, end: number, confidence: number, why: string): void {
    this.#reading?.add({ type, start, end, confidence, proof: 1, detector: type.toLowerCase(), why });
  }
}

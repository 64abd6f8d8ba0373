import { DIGIT, IDEOGRAPH, KIND, LETTER, LOWER, ODD, OTHER, TRIGGER, UPPER, isWordCode } from './characters.ts';
import { FOLD } from './fold.ts';
import { contextsOf, hashPair, hashStep } from './context.ts';
import { type Dispatcher, markOf, packed } from './dispatcher.ts';
import { hearIdeographs } from './ideograph-context.ts';
import { lookAtCode } from './look-at-code.ts';
import { lookAtRun } from './look-at-run.ts';
import { lookBehindWord } from './look-behind-word.ts';
import type { Reading } from './reading.ts';
import type { WordListener } from './word-listener.ts';

/** A pair of words has at most this much between them. */
const PAIR_GAP = 3;
/** After so many characters it is asked whether the scan was ended. */
const PIECE = 65_536;
const CERTAIN = 0.99;
const TILDE = 126;
const PLUS = 43;
const SLASH = 47;

/**
 * The one pass over a text: words are hashed and looked up, numbers are read once, and detectors are called only where
 * something begins that could be theirs.
 */
export class Scan {
  readonly #dispatcher: Dispatcher;
  readonly #reading: Reading;
  readonly #listener: WordListener | null;
  #previousHash = 0;
  #previousEnd = -9;
  #lastIdeograph = -99;
  #hasDigit = false;
  #hasLower = false;
  /** The text holds look-alike characters beside digits, and is to be read again in plain ones. */
  isOdd = false;
  /** Where the last word with a context ended, and its contexts: the last word of a key says what its value is. */
  keywordEnd = -1;
  keywordContexts: readonly number[] = [];

  constructor(dispatcher: Dispatcher, reading: Reading, listener: WordListener | null) {
    this.#dispatcher = dispatcher;
    this.#reading = reading;
    this.#listener = listener;
  }

  /** Reads what `begin` gave to the reading. */
  read(): void {
    const { text, from, end } = this.#reading;
    this.isOdd = false;
    this.#previousEnd = this.#lastIdeograph = -99;
    let at = from;
    let next = from + PIECE;
    while (at < end) {
      if (at > next) {
        this.#reading.checkEnd();
        next = at + PIECE;
      }
      const kind = KIND[text.charCodeAt(at)];
      if (kind === OTHER) at += 1;
      else if (kind === TRIGGER) at = this.#trigger(text, at);
      else if (kind === ODD) at = this.#odd(text, at);
      else if (kind === IDEOGRAPH) this.#lastIdeograph = at++;
      else at = this.#chunk(text, at, end);
    }
  }

  #trigger(text: string, at: number): number {
    const next = this.#dispatcher.looks[text.charCodeAt(at)]?.(this.#reading, at) ?? at;
    return next > at ? next : at + 1;
  }

  #odd(text: string, at: number): number {
    const before = at > 0 ? KIND[text.charCodeAt(at - 1)] : OTHER;
    const code = text.charCodeAt(at);
    if (before === DIGIT || code >= 0xff01 || ((code < 0x2010 || code > 0x2015) && before !== OTHER)) this.isOdd = true;
    return at + 1;
  }

  /** Letters and digits in one piece. Keywords are its words, codes are the whole of it. */
  #chunk(text: string, start: number, end: number): number {
    this.#hasDigit = this.#hasLower = false;
    let at = start;
    let words = 0;
    while (at < end) {
      const kind = KIND[text.charCodeAt(at)] ?? OTHER;
      if (kind === DIGIT) {
        this.#hasDigit = true;
        at += 1;
      } else if (kind >= LOWER && kind <= LETTER) {
        at = this.#word(text, at, end);
        words += 1;
      } else break;
    }
    if (this.#hasDigit && words === 0) return this.#number(text, start, end);
    if (!this.#hasDigit) this.#listener?.chunk(start, at, words);
    this.#code(text, start, at);
    return at;
  }

  /** One word: it ends where the letters do, or where a capital follows a small letter. */
  #word(text: string, start: number, end: number): number {
    let at = start;
    let hash = 0;
    let wasLower = false;
    while (at < end) {
      const code = text.charCodeAt(at);
      const kind = KIND[code];
      if (kind === LOWER) {
        hash = hashStep(hash, code);
        wasLower = true;
      } else if (kind === UPPER) {
        if (wasLower) break;
        hash = hashStep(hash, code | 32);
      } else if (kind === LETTER) {
        hash = hashStep(hash, FOLD[code] ?? code);
        wasLower = true;
      } else break;
      at += 1;
    }
    if (wasLower) this.#hasLower = true;
    this.#hear(hash, start, at);
    return at;
  }

  #hear(hash: number, start: number, end: number): void {
    const contexts = contextsOf(hash);
    if (contexts) {
      const isPair = start - this.#previousEnd <= PAIR_GAP;
      const ofPair = isPair ? contextsOf(hashPair(this.#previousHash, hash)) : null;
      if (contexts.length > 0) this.#keyword(contexts, end);
      if (ofPair) this.#keyword(ofPair, end);
    }
    this.#previousHash = hash;
    this.#previousEnd = end;
  }

  #keyword(contexts: readonly number[], end: number): void {
    this.keywordContexts = this.keywordEnd === end ? this.keywordContexts.concat(contexts) : contexts;
    this.keywordEnd = end;
    for (const context of contexts) {
      this.#reading.hear(context, end);
      const rules = this.#dispatcher.follows[context];
      if (rules) lookBehindWord(this.#reading, rules, end);
      const looks = this.#dispatcher.words[context];
      if (looks) for (const look of looks) look(this.#reading, end);
    }
  }

  #number(text: string, start: number, end: number): number {
    const { run } = this.#reading;
    if (start - this.#lastIdeograph < 16) hearIdeographs(this.#reading, start);
    let stop = start;
    while (stop < end && KIND[text.charCodeAt(stop)] === DIGIT) stop += 1;
    if (start < this.#reading.taken || !run.read(text, start, end)) return stop;
    lookAtRun(this.#reading, this.#dispatcher, run);
    this.#code(text, start, stop);
    return run.end;
  }

  #code(text: string, start: number, stop: number): void {
    const before = this.#reading.code(start - 1);
    if (start < this.#reading.taken) return;
    if (this.#dispatcher.prefixMarks[markOf(packed(text, start))] === 1) this.#prefixed(text, start);
    if (this.#hasDigit && text.charCodeAt(stop) === TILDE) this.#trigger(text, stop);
    if (isWordCode(before)) return;
    if (start - this.#lastIdeograph < 16) hearIdeographs(this.#reading, start);
    if (this.#hasDigit || !this.#hasLower) lookAtCode(this.#reading, this.#dispatcher, start, stop);
  }

  #prefixed(text: string, start: number): void {
    const rules = this.#dispatcher.prefixes.get(packed(text, start));
    if (!rules) return;
    const before = this.#reading.code(start - 1);
    for (const rule of rules) {
      // Inside base 64 anything can stand.
      if ((before === PLUS || before === SLASH) && /^[A-Za-z0-9]+$/.test(rule.prefix)) continue;
      if (!text.startsWith(rule.prefix, start)) continue;
      rule.pattern.lastIndex = start;
      const value = rule.pattern.exec(text)?.[0];
      if (value === undefined || start + value.length > this.#reading.end) continue;
      if (rule.check && !rule.check(value)) continue;
      const end = start + value.length;
      const { type, detector } = rule;
      const confidence = rule.isSure?.(value) ? CERTAIN : rule.confidence;
      this.#reading.add({ type, start, end, confidence, proof: 3, detector, why: `the form of ${detector}` });
      this.#reading.taken = end;
      return;
    }
  }
}

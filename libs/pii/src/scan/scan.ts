import { DIGIT, IDEOGRAPH, isWordCode, KIND, LETTER, LOWER, ODD, OTHER, TRIGGER, UPPER } from './characters.ts';
import { contextsOf, hashPair, hashStep, mayHaveContext } from './context.ts';
import { type Dispatcher, packed } from './dispatcher.ts';
import { FOLD } from './fold.ts';
import { hearIdeographs } from './ideograph-context.ts';
import { lookAtCode } from './look-at-code.ts';
import { lookAtRun } from './look-at-run.ts';
import { lookBehindWord } from './look-behind-word.ts';
import { lookAtPrefix } from './look-at-prefix.ts';
import type { Reading } from './reading.ts';
import type { WordListener } from './word-listener.ts';

/** A pair of words has at most this much between them. */
const PAIR_GAP = 3;
/** After so many characters it is asked whether the scan was ended. */
const PIECE = 65_536;
const TILDE = 126;
/** How far behind an ideograph a value still hears what it says. */
const IDEOGRAPH_REACH = 16;

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

  constructor(dispatcher: Dispatcher, reading: Reading, listener: WordListener | null) {
    this.#dispatcher = dispatcher;
    this.#reading = reading;
    this.#listener = listener;
  }

  /** Reads what `begin` gave to the reading. */
  read(): void {
    const { from, end } = this.#reading;
    this.isOdd = false;
    this.#previousEnd = this.#lastIdeograph = -99;
    let at = from;
    while (at < end) {
      at = this.#piece(at, Math.min(end, at + PIECE));
      if (at < end) this.#reading.checkEnd();
    }
  }

  /** Reads what begins before `stop`; gives back where the rest begins. */
  #piece(from: number, stop: number): number {
    const { codes } = this.#reading;
    let at = from;
    while (at < stop) {
      const first = codes[at] ?? 0;
      const kind = KIND[first];
      if (kind === OTHER) at += 1;
      else if (kind === LOWER || kind === UPPER) {
        // Nearly all words: small letters, and maybe a capital before them.
        let hash = first | 32;
        let next = at + 1;
        let code = codes[next] ?? 0;
        while (KIND[code] === LOWER) {
          hash = hashStep(hash, code);
          next += 1;
          code = codes[next] ?? 0;
        }
        const behind = KIND[code] ?? OTHER;
        const isPlain = (behind === OTHER || behind >= TRIGGER) && (kind === LOWER || next > at + 1);
        at = isPlain ? this.#plain(at, next, hash, kind) : this.#chunk(codes, at);
      } else if (kind === TRIGGER) at = this.#trigger(first, at);
      else if (kind === ODD) at = this.#odd(codes, at);
      else if (kind === IDEOGRAPH) this.#lastIdeograph = at++;
      else at = this.#chunk(codes, at);
    }
    return at;
  }

  /** A word between two characters that are none of a word: what `#word` and `#code` do with it, some percent faster. */
  #plain(start: number, end: number, hash: number, kind: number): number {
    const listener = this.#listener;
    if (mayHaveContext(hash)) this.#hear(hash, start, end);
    this.#previousHash = hash;
    this.#previousEnd = end;
    if (listener !== null && (kind === UPPER || listener.hearsSmall)) listener.chunk(start, end, 1, hash);
    const reading = this.#reading;
    if (start < reading.taken) return end;
    if (this.#dispatcher.mayBegin(packed(reading.codes, start))) lookAtPrefix(reading, this.#dispatcher, start);
    if (start - this.#lastIdeograph < IDEOGRAPH_REACH && !isWordCode(reading.code(start - 1))) {
      hearIdeographs(reading, start);
    }
    return end;
  }

  #trigger(code: number, at: number): number {
    const next = this.#dispatcher.looks[code]?.(this.#reading, at) ?? at;
    return next > at ? next : at + 1;
  }

  #odd(codes: Uint16Array, at: number): number {
    const before = at > 0 ? KIND[codes[at - 1] ?? 0] : OTHER;
    const code = codes[at] ?? 0;
    if (before === DIGIT || code >= 0xff01 || ((code < 0x2010 || code > 0x2015) && before !== OTHER)) this.isOdd = true;
    return at + 1;
  }

  /** Letters and digits in one piece. Keywords are its words, codes are the whole of it. */
  #chunk(codes: Uint16Array, start: number): number {
    this.#hasDigit = this.#hasLower = false;
    let at = start;
    let words = 0;
    for (;;) {
      const kind = KIND[codes[at] ?? 0] ?? OTHER;
      if (kind === DIGIT) {
        this.#hasDigit = true;
        at += 1;
      } else if (kind >= LOWER && kind <= LETTER) {
        at = this.#word(codes, at);
        words += 1;
      } else break;
    }
    if (this.#hasDigit && words === 0) return this.#number(start, at);
    if (!this.#hasDigit) this.#listener?.chunk(start, at, words, this.#previousHash);
    this.#code(start, at, true);
    return at;
  }

  /** One word: it ends where the letters do, or where a capital follows a small letter. */
  #word(codes: Uint16Array, start: number): number {
    let at = start;
    let hash = 0;
    let wasLower = false;
    for (;;) {
      const code = codes[at] ?? 0;
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
    this.#previousHash = hash;
    this.#previousEnd = at;
    return at;
  }

  #hear(hash: number, start: number, end: number): void {
    const contexts = contextsOf(hash);
    if (contexts === null) return;
    const isPair = start - this.#previousEnd <= PAIR_GAP;
    const ofPair = isPair ? contextsOf(hashPair(this.#previousHash, hash)) : null;
    if (contexts.length > 0) this.#keyword(contexts, end);
    if (ofPair) this.#keyword(ofPair, end);
  }

  #keyword(contexts: readonly number[], end: number): void {
    for (const context of contexts) {
      this.#reading.hear(context, end);
      const rules = this.#dispatcher.follows[context];
      if (rules) lookBehindWord(this.#reading, rules, end);
      const looks = this.#dispatcher.words[context];
      if (looks) for (const look of looks) look(this.#reading, end);
    }
  }

  #number(start: number, stop: number): number {
    const reading = this.#reading;
    const { run } = reading;
    if (start - this.#lastIdeograph < IDEOGRAPH_REACH) hearIdeographs(reading, start);
    if (start < reading.taken || !run.read(reading.codes, start, reading.end)) return stop;
    lookAtRun(reading, this.#dispatcher, run);
    this.#code(start, stop, false);
    return run.end;
  }

  #code(start: number, stop: number, hasLetter: boolean): void {
    const reading = this.#reading;
    if (start < reading.taken) return;
    if (this.#dispatcher.mayBegin(packed(reading.codes, start))) lookAtPrefix(reading, this.#dispatcher, start);
    if (this.#hasDigit && reading.codes[stop] === TILDE) this.#trigger(TILDE, stop);
    if (isWordCode(reading.code(start - 1))) return;
    if (start - this.#lastIdeograph < IDEOGRAPH_REACH) hearIdeographs(reading, start);
    if (this.#hasDigit || !this.#hasLower) lookAtCode(reading, this.#dispatcher, start, stop, hasLetter);
  }
}

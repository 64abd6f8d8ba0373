import type { Candidate } from './candidate.ts';
import { ScanEnded } from '../pii.errors.ts';
import { isWordCode } from './characters.ts';
import { CONTEXT_COUNT } from './context.ts';
import { NumberRun } from './number-run.ts';

/** How far behind a word of context a value may stand. */
export const CONTEXT_WINDOW = 64;
const LONG_AGO = -1_000_000_000;
/** A token stands at the beginning of a piece, or behind a word and a joint. */
const MAX_TRIES = 8;
/** Places are counted on from text to text up to here, then from 0 again. */
const LAST_PLACE = 1_000_000_000;

const NO_CODES = new Uint16Array(1);

/**
 * What detectors share while one text is read: the text, what was said in it, and what was found. Used again for every
 * text; it keeps nothing of the last one.
 */
export class Reading {
  text = '';
  /** Of the text. What stands at `end` is no letter and no digit. */
  codes: Uint16Array = NO_CODES;
  from = 0;
  end = 0;
  readonly run = new NumberRun();
  candidates: Candidate[] = [];
  /** The country whose way of writing is expected, as ISO 3166 has it; empty for none. */
  region = '';
  /** Asked now and then: true ends the scan. */
  isEnded: (() => boolean) | null = null;
  /** Where a value found by a look ahead ends: what is inside it is not looked at on its own. */
  taken = 0;
  /** Where a word of each context last ended, in places that are counted on from text to text. */
  readonly #seen = new Int32Array(CONTEXT_COUNT).fill(LONG_AGO);
  #base = 0;
  /** Where the letters, digits, `_` and `-` end in which a long token was last looked for, and how often it was. */
  #tokenEnd = 0;
  #tokenTries = 0;

  /** Nothing was said yet: context does not reach from one text into the next. */
  begin(text: string, codes: Uint16Array, from: number, end: number): void {
    // Whatever was heard in the last text is out of reach from here on.
    this.#base += this.end - from + CONTEXT_WINDOW + 1;
    if (this.#base + end > LAST_PLACE) this.#restart();
    this.text = text;
    this.codes = codes;
    this.from = from;
    this.end = end;
    this.taken = this.#tokenEnd = from;
    if (this.candidates.length > 0) this.candidates = [];
  }

  #restart(): void {
    this.#seen.fill(LONG_AGO);
    this.#base = 0;
  }

  /** @throws ScanEnded */
  checkEnd(): void {
    if (this.isEnded?.()) throw new ScanEnded();
  }

  /** The contexts of what was said last: of a question, for its answer. */
  lastContexts(): number[] {
    const last: number[] = [];
    for (let context = 0; context < CONTEXT_COUNT; context += 1) {
      if (this.isNear(context, this.end)) last.push(context);
    }
    return last;
  }

  hear(context: number, at: number): void {
    this.#seen[context] = this.#base + at;
  }

  /** Whether a word of the context stands within reach before `at`. */
  isNear(context: number, at: number, reach: number = CONTEXT_WINDOW): boolean {
    const distance = this.distance(context, at);
    return distance >= 0 && distance <= reach;
  }

  distance(context: number, at: number): number {
    return this.#base + at - (this.#seen[context] ?? LONG_AGO);
  }

  /** The code of the character at a place of the text being read, 0 outside of it. */
  code(at: number): number {
    return at >= this.from && at < this.end ? (this.codes[at] ?? 0) : 0;
  }

  /** Whether `start` to `end` is all there is, but for space and quotes. */
  isWhole(start: number, end: number): boolean {
    return isBlank(this.text, this.from, start) && isBlank(this.text, end, this.end);
  }

  /** False when a token of any length was looked for often enough in what is written in one piece around `at`. */
  mayBeToken(at: number): boolean {
    if (at >= this.#tokenEnd) {
      let end = at;
      for (let code = this.code(end); isWordCode(code) || code === HYPHEN; code = this.code(end)) end += 1;
      this.#tokenEnd = end;
      this.#tokenTries = 0;
    }
    this.#tokenTries += 1;
    return this.#tokenTries <= MAX_TRIES;
  }

  add(candidate: Candidate): void {
    this.candidates.push(candidate);
  }
}

const HYPHEN = 45;
const MAX_BLANK = 8;

function isBlank(text: string, from: number, to: number): boolean {
  if (to - from > MAX_BLANK) return false;
  for (let at = from; at < to; at += 1) if (text.charCodeAt(at) > 39) return false;
  return true;
}

import { KIND, UPPER } from '../scan/characters.ts';
import type { Reading } from '../scan/reading.ts';

export const MAX_WORDS = 12;
const COMMA = 44;

/** Capital words in a row, and what is known of each. One object is used again for all runs of a text. */
export class RunWords {
  count = 0;
  readonly start = new Int32Array(MAX_WORDS);
  readonly end = new Int32Array(MAX_WORDS);
  readonly flags = new Uint8Array(MAX_WORDS);
  readonly hash = new Int32Array(MAX_WORDS);
  /** Begins a text, a line or a sentence, where a capital says nothing. */
  readonly isBeginning = new Uint8Array(MAX_WORDS);
  /** What the rules make of each: hundredths of confidence, 0 for no name. */
  readonly ruled = new Uint8Array(MAX_WORDS);
  reading: Reading;

  constructor(reading: Reading) {
    this.reading = reading;
  }

  is(at: number, flag: number): boolean {
    return at < this.count && ((this.flags[at] ?? 0) & flag) !== 0;
  }

  length(at: number): number {
    return (this.end[at] ?? 0) - (this.start[at] ?? 0);
  }

  word(at: number): string {
    return this.reading.text.slice(this.start[at], this.end[at]);
  }

  /** The character behind the word before. */
  markBefore(at: number): number {
    return at > 0 ? (this.reading.codes[this.end[at - 1] ?? 0] ?? 0) : 0;
  }

  hasComma(at: number): boolean {
    return this.markBefore(at) === COMMA;
  }

  isUpper(at: number): boolean {
    const length = this.length(at);
    return (
      length > 1 && KIND[this.reading.codes[(this.end[at] ?? 0) - 1] ?? 0] === UPPER && /^\P{Ll}+$/u.test(this.word(at))
    );
  }
}

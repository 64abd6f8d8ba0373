import { isWordCode } from '../scan/characters.ts';
import { parsePattern } from './pattern-parser.ts';
import { type PatternProgram, programOf } from './pattern-program.ts';

/** Where something stands in a text. */
export interface Span {
  start: number;
  end: number;
}

/**
 * Finds a pattern in one pass over a text, in time that grows with the text and not with what is in it. Of matches that
 * begin at one place the longest counts, and of those over one another the first. Both ends are ends of words.
 */
export class LinearMatcher {
  readonly #program: PatternProgram;
  /** Which places were reached with the character before, and where each began. */
  #reached: number[] = [];
  #starts: Int32Array;
  #next: number[] = [];
  #nextStarts: Int32Array;

  /** @throws PatternUnsupported */
  constructor(source: string, isCaseSensitive: boolean) {
    this.#program = programOf(parsePattern(source), isCaseSensitive);
    const places = this.#program.sets.length;
    this.#starts = new Int32Array(places).fill(-1);
    this.#nextStarts = new Int32Array(places).fill(-1);
  }

  /** What a character of a text can cost at most, for a limit on many of them. */
  get ways(): number {
    return this.#program.ways;
  }

  find(text: string): Span[] {
    const spans: Span[] = [];
    let isWord = false;
    this.#clear();
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      const wasWord = isWord;
      isWord = isWordCode(code);
      for (const place of this.#reached) this.#step(this.#program.next[place]!, code, this.#starts[place]!);
      if (!wasWord || !isWord) this.#step(this.#program.first, code, at);
      this.#turn();
      if (this.#reached.length > 0) this.#accept(text, at + 1, isWord, spans);
    }
    return spans;
  }

  #step(places: readonly number[], code: number, start: number): void {
    for (const place of places) {
      const known = this.#nextStarts[place]!;
      // Reached already from further back: what began there is longer.
      if (known >= 0 && known <= start) continue;
      if (!this.#program.sets[place]!.has(code)) continue;
      if (known < 0) this.#next.push(place);
      this.#nextStarts[place] = start;
    }
  }

  #accept(text: string, end: number, isWord: boolean, spans: Span[]): void {
    if (isWord && end < text.length && isWordCode(text.charCodeAt(end))) return;
    let start = -1;
    for (const place of this.#reached) {
      const began = this.#starts[place]!;
      if (this.#program.isLast[place] && (start < 0 || began < start)) start = began;
    }
    if (start < 0) return;
    const last = spans.at(-1);
    if (!last || start >= last.end) spans.push({ start, end });
    else if (start <= last.start) {
      while (spans.length > 0 && spans.at(-1)!.end > start) spans.pop();
      spans.push({ start, end });
    }
  }

  /** What comes next becomes what was reached. */
  #turn(): void {
    const [before, beforeStarts] = [this.#reached, this.#starts];
    this.#reached = this.#next;
    this.#starts = this.#nextStarts;
    for (const place of before) beforeStarts[place] = -1;
    before.length = 0;
    this.#next = before;
    this.#nextStarts = beforeStarts;
  }

  #clear(): void {
    for (const list of [this.#reached, this.#next]) list.length = 0;
    this.#starts.fill(-1);
    this.#nextStarts.fill(-1);
  }
}

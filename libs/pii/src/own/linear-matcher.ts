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
  #reached: Places;
  #next: Places;
  /** For each set the character it was asked about last, and what it said. */
  readonly #asked: Int32Array;
  /** Which ASCII characters a match can begin with: most of a text is none of them. */
  readonly #begins = new Uint8Array(128);

  /** @throws PatternUnsupported */
  constructor(source: string, isCaseSensitive: boolean) {
    this.#program = programOf(parsePattern(source), isCaseSensitive);
    this.#reached = new Places(this.#program.setOf.length);
    this.#next = new Places(this.#program.setOf.length);
    this.#asked = new Int32Array(this.#program.sets.length);
    const { first, setOf, sets } = this.#program;
    for (let code = 0; code < 128; code += 1) {
      if (first.some((place) => sets[setOf[place]!]!.has(code))) this.#begins[code] = 1;
    }
  }

  /** What a character of a text can cost at most, for a limit on many of them. */
  get ways(): number {
    return this.#program.ways;
  }

  find(text: string): Span[] {
    const spans: Span[] = [];
    const { first, next } = this.#program;
    this.#reached.clear();
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      const { list, count, starts } = this.#reached;
      if (count === 0 && code < 128 && this.#begins[code] === 0) continue;
      const isWord = isWordCode(code);
      const wasWord = isWord && at > 0 && isWordCode(text.charCodeAt(at - 1));
      for (let i = 0; i < count; i += 1) this.#step(next[list[i]!]!, code, starts[list[i]!]!);
      if (!wasWord) this.#step(first, code, at);
      this.#reached.clear();
      [this.#reached, this.#next] = [this.#next, this.#reached];
      if (this.#reached.count > 0) this.#accept(text, at + 1, isWord, spans);
    }
    return spans;
  }

  #step(places: Int32Array, code: number, start: number): void {
    const { setOf } = this.#program;
    const { starts } = this.#next;
    for (let i = 0; i < places.length; i += 1) {
      const place = places[i]!;
      const known = starts[place]!;
      // Reached already from further back: what began there is longer.
      if (known >= 0 && known <= start) continue;
      if (!this.#has(setOf[place]!, code)) continue;
      if (known < 0) this.#next.add(place);
      starts[place] = start;
    }
  }

  /** Places share few sets: each is asked once a character. */
  #has(set: number, code: number): boolean {
    const asked = this.#asked[set]!;
    if (asked >> 1 === code + 1) return (asked & 1) === 1;
    const has = this.#program.sets[set]!.has(code);
    this.#asked[set] = ((code + 1) << 1) | Number(has);
    return has;
  }

  #accept(text: string, end: number, isWord: boolean, spans: Span[]): void {
    if (isWord && end < text.length && isWordCode(text.charCodeAt(end))) return;
    const { list, count, starts } = this.#reached;
    let start = -1;
    for (let i = 0; i < count; i += 1) {
      const began = starts[list[i]!]!;
      if (this.#program.isLast[list[i]!] === 1 && (start < 0 || began < start)) start = began;
    }
    if (start < 0) return;
    const last = spans.at(-1);
    if (last && start > last.start && start < last.end) return;
    while (spans.length > 0 && spans.at(-1)!.end > start) spans.pop();
    spans.push({ start, end });
  }
}

/** Places of a pattern that were reached, each once, with where in the text each began. */
class Places {
  readonly list: Int32Array;
  readonly starts: Int32Array;
  count = 0;

  constructor(size: number) {
    this.list = new Int32Array(size);
    this.starts = new Int32Array(size).fill(-1);
  }

  add(place: number): void {
    this.list[this.count++] = place;
  }

  clear(): void {
    for (let i = 0; i < this.count; i += 1) this.starts[this.list[i]!] = -1;
    this.count = 0;
  }
}

import { PatternUnsupported } from '../pii.errors.ts';
import { parsePattern } from './pattern-parser.ts';
import { type PatternProgram, programOf } from './pattern-program.ts';

/**
 * Says whether a pattern matches anywhere in a text, in time that grows with the text and not with what is in it. Unlike
 * `LinearMatcher` it knows nothing of words, and `^` at the beginning and `$` at the end of a pattern mean what they do in
 * a JSON Schema.
 */
export class LinearTest {
  readonly #program: PatternProgram | null;
  readonly #fromStart: boolean;
  readonly #toEnd: boolean;

  /** @throws PatternUnsupported */
  constructor(source: string) {
    this.#fromStart = source.startsWith('^');
    this.#toEnd = /(?<!\\)(?:\\\\)*\$$/.test(source);
    const inner = source.slice(this.#fromStart ? 1 : 0, this.#toEnd ? -1 : undefined);
    const tree = parsePattern(inner);
    const isAnchored = this.#fromStart || this.#toEnd;
    if (isAnchored && tree.kind === 'choice') {
      throw new PatternUnsupported('with ^ or $ a choice is written in brackets: ^(?:a|b)$');
    }
    this.#program = inner === '' ? null : programOf(tree, true, true);
  }

  /** What a character of a text can cost at most. */
  get ways(): number {
    return this.#program?.ways ?? 1;
  }

  test(text: string): boolean {
    const program = this.#program;
    if (!program || program.isEmpty) {
      if (!this.#fromStart || !this.#toEnd || text === '') return true;
      if (!program) return false;
    }
    const { first, next, isLast } = program;
    let reached = new Set<number>();
    for (let at = 0; at < text.length; at += 1) {
      const after = new Set<number>();
      const code = text.charCodeAt(at);
      for (const place of reached) step(program, next[place]!, code, after);
      if (at === 0 || !this.#fromStart) step(program, first, code, after);
      if (!this.#toEnd && some(after, isLast)) return true;
      if (after.size === 0 && this.#fromStart) return false;
      reached = after;
    }
    return some(reached, isLast);
  }
}

function step({ sets, setOf }: PatternProgram, places: Int32Array, code: number, into: Set<number>): void {
  for (const place of places) if (!into.has(place) && sets[setOf[place]!]!.has(code)) into.add(place);
}

function some(places: ReadonlySet<number>, isLast: Uint8Array): boolean {
  for (const place of places) if (isLast[place] === 1) return true;
  return false;
}

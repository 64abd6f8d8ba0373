import { PatternUnsupported } from '../pii.errors.ts';
import { ANY, escapedKind, type Ranges, unicodeKind } from './char-set.ts';

/** A pattern as a tree. Nothing in it needs to look back: that is why it can be matched in one pass. */
export type PatternNode =
  | { kind: 'set'; ranges: Ranges; isNot?: boolean }
  | { kind: 'sequence'; parts: PatternNode[] }
  | { kind: 'choice'; parts: PatternNode[] }
  | { kind: 'repeat'; part: PatternNode; min: number; max: number };

const MAX_REPEAT = 100;
const MAX_DEPTH = 20;
const ENDS = new Set(['', '|', ')']);
const QUANTIFIERS = '?*+{';

/**
 * Reads the language of patterns: letters, `.`, `[a-z]`, `\d \w \s \p{L}`, groups, `|`, `? * + {m,n}`. Look-around, back
 * references and anchors are not part of it.
 *
 * @throws PatternUnsupported
 */
export function parsePattern(source: string): PatternNode {
  const parser = new Parser(source);
  const node = parser.choice(0);
  if (!parser.isDone) throw new PatternUnsupported('a bracket is closed that was not opened');
  return node;
}

class Parser {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  get isDone(): boolean {
    return this.#at >= this.#source.length;
  }

  choice(depth: number): PatternNode {
    if (depth > MAX_DEPTH) throw new PatternUnsupported('groups lie too deep in one another');
    const parts = [this.#sequence(depth)];
    while (this.#takes('|')) parts.push(this.#sequence(depth));
    return parts.length === 1 ? parts[0]! : { kind: 'choice', parts };
  }

  #sequence(depth: number): PatternNode {
    const parts: PatternNode[] = [];
    while (!ENDS.has(this.#peek())) parts.push(this.#repeated(depth));
    return { kind: 'sequence', parts };
  }

  #repeated(depth: number): PatternNode {
    const part = this.#atom(depth);
    const next = this.#peek();
    if (next === '' || !QUANTIFIERS.includes(next)) return part;
    const [min, max] = this.#counts();
    const after = this.#peek();
    if (after !== '' && QUANTIFIERS.includes(after)) {
      throw new PatternUnsupported('a repetition is repeated, or is lazy: matches are always the longest');
    }
    return { kind: 'repeat', part, min, max };
  }

  #counts(): [min: number, max: number] {
    if (this.#takes('?')) return [0, 1];
    if (this.#takes('*')) return [0, Infinity];
    if (this.#takes('+')) return [1, Infinity];
    const counts = /^\{(\d{1,3})(?:(,)(\d{0,3}))?\}/.exec(this.#source.slice(this.#at));
    if (!counts) throw new PatternUnsupported('{ begins a count such as {3} or {2,5}; write \\{ for itself');
    this.#at += counts[0].length;
    const min = Number(counts[1]);
    const max = counts[2] ? (counts[3] ? Number(counts[3]) : Infinity) : min;
    if (min > MAX_REPEAT || (max !== Infinity && (max > MAX_REPEAT || max < min))) {
      throw new PatternUnsupported('counts go up to 100, and the second is not the smaller one');
    }
    return [min, max];
  }

  #atom(depth: number): PatternNode {
    const character = this.#next();
    if (character === '(') return this.#group(depth);
    if (character === '[') return this.#class();
    if (character === '.') return { kind: 'set', ranges: ANY };
    if (character === '\\') return { kind: 'set', ranges: this.#escape() };
    if (character === '^' || character === '$') throw new PatternUnsupported('there are no anchors: whole words match');
    if (QUANTIFIERS.includes(character)) throw new PatternUnsupported('nothing stands before a repetition');
    return literal(character);
  }

  #group(depth: number): PatternNode {
    if (this.#takes('?') && !this.#takes(':')) {
      throw new PatternUnsupported('look-around and named groups are not part of the language');
    }
    const inner = this.choice(depth + 1);
    if (!this.#takes(')')) throw new PatternUnsupported('a bracket is not closed');
    return inner;
  }

  #escape(): Ranges {
    const letter = this.#next();
    if (letter === 'p') {
      const name = /^\{(\w{1,2})\}/.exec(this.#source.slice(this.#at));
      if (!name) throw new PatternUnsupported('of \\p only \\p{L}, \\p{Lu}, \\p{Ll} and \\p{N}');
      this.#at += name[0].length;
      return unicodeKind(name[1]!);
    }
    const kind = escapedKind(letter);
    if (kind) return kind;
    const control = { t: 9, n: 10, r: 13 }[letter];
    if (control !== undefined) return [control, control];
    if (letter === '' || /[\p{L}\p{N}]/u.test(letter)) {
      throw new PatternUnsupported('a backslash stands before a letter or digit that has no meaning here');
    }
    const code = unitOf(letter);
    return [code, code];
  }

  #class(): PatternNode {
    const isNot = this.#takes('^');
    const ranges: number[] = [];
    while (!this.#takes(']')) {
      const from = this.#member();
      const isRange = this.#peek() === '-' && this.#source[this.#at + 1] !== ']';
      if (!isRange) {
        ranges.push(...from);
        continue;
      }
      this.#at += 1;
      const to = this.#member();
      const [first, last] = [from[0]!, to[0]!];
      if (from.length > 2 || from[1] !== first || to.length > 2 || to[1] !== last || last < first) {
        throw new PatternUnsupported('a range in square brackets goes from one character up to another');
      }
      ranges.push(first, last);
    }
    if (ranges.length === 0) throw new PatternUnsupported('square brackets hold nothing');
    return { kind: 'set', ranges: isNot ? [...ranges, 10, 10, 13, 13] : ranges, isNot };
  }

  #member(): Ranges {
    const character = this.#next();
    if (character === '') throw new PatternUnsupported('a square bracket is not closed');
    if (character === '\\') return this.#escape();
    const code = unitOf(character);
    return [code, code];
  }

  #peek(): string {
    return this.#source[this.#at] ?? '';
  }

  /** A whole character, also one of two units. */
  #next(): string {
    const character = this.isDone ? '' : String.fromCodePoint(this.#source.codePointAt(this.#at)!);
    this.#at += character.length;
    return character;
  }

  #takes(character: string): boolean {
    if (this.#peek() !== character) return false;
    this.#at += 1;
    return true;
  }
}

function literal(character: string): PatternNode {
  const parts = character.split('').map((unit): PatternNode => {
    const code = unit.charCodeAt(0);
    return { kind: 'set', ranges: [code, code] };
  });
  return parts.length === 1 ? parts[0]! : { kind: 'sequence', parts };
}

function unitOf(character: string): number {
  if (character.length > 1) throw new PatternUnsupported('square brackets hold no characters beyond the basic plane');
  return character.charCodeAt(0);
}

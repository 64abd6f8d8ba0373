import { PatternUnsupported } from '../pii.errors.ts';
import { type CharSet, setOf } from './char-set.ts';
import type { PatternNode } from './pattern-parser.ts';

/** What one character of a text may cost: a pattern with more ways to go on than this is refused. */
const MAX_WAYS = 250;
const MAX_PLACES = 400;

/**
 * A pattern as its places (Glushkov's automaton): each takes one character, and says which may come after it. Reading is
 * one step a character whatever the text: the number of places bounds what a step costs.
 */
export interface PatternProgram {
  /** The sets there are, each once, and which of them a place takes. */
  sets: CharSet[];
  setOf: Int32Array;
  first: Int32Array;
  next: Int32Array[];
  isLast: Uint8Array;
  /** What a character can cost at most. */
  ways: number;
  /** Whether it matches where there is nothing. */
  isEmpty: boolean;
}

interface Part {
  first: number[];
  last: number[];
  isEmpty: boolean;
}

/** @throws PatternUnsupported when it matches nothing at all, unless that is wanted, or is too large */
export function programOf(root: PatternNode, isCaseSensitive: boolean, mayBeEmpty = false): PatternProgram {
  const builder = new Builder(isCaseSensitive);
  const { first, last, isEmpty } = builder.part(root);
  if (isEmpty && !mayBeEmpty) throw new PatternUnsupported('it matches where there is nothing');
  const next = builder.next.map((ways) => Int32Array.from(ways));
  const ways = next.reduce((sum, each) => sum + each.length, first.length);
  if (ways > MAX_WAYS) throw new PatternUnsupported('it is too large');
  const sets = [...new Set(builder.sets)];
  const isLast = new Uint8Array(next.length);
  for (const place of last) isLast[place] = 1;
  const numbers = Int32Array.from(builder.sets, (set) => sets.indexOf(set));
  return { sets, setOf: numbers, first: Int32Array.from(first), next, isLast, ways, isEmpty };
}

class Builder {
  readonly sets: CharSet[] = [];
  readonly next: Set<number>[] = [];
  readonly #isCaseSensitive: boolean;

  constructor(isCaseSensitive: boolean) {
    this.#isCaseSensitive = isCaseSensitive;
  }

  part(node: PatternNode): Part {
    switch (node.kind) {
      case 'set': {
        if (this.sets.length === MAX_PLACES) throw new PatternUnsupported('it is too large');
        const place = this.sets.push(setOf(node.ranges, node.isNot ?? false, this.#isCaseSensitive)) - 1;
        this.next.push(new Set());
        return { first: [place], last: [place], isEmpty: false };
      }
      case 'sequence':
        return this.#sequence(node.parts);
      case 'choice': {
        const parts = node.parts.map((each) => this.part(each));
        return {
          first: parts.flatMap(({ first }) => first),
          last: parts.flatMap(({ last }) => last),
          isEmpty: parts.some(({ isEmpty }) => isEmpty),
        };
      }
      case 'repeat':
        return this.#repeat(node);
    }
  }

  #sequence(nodes: readonly PatternNode[]): Part {
    let whole: Part = { first: [], last: [], isEmpty: true };
    for (const node of nodes) whole = this.#joined(whole, this.part(node));
    return whole;
  }

  /** As often as it must come one after the other, and then as often as it may. */
  #repeat({ part, min, max }: Extract<PatternNode, { kind: 'repeat' }>): Part {
    const whole = this.#sequence(Array.from({ length: min }, () => part));
    if (max === Infinity) {
      const again = this.part(part);
      this.#lead(again.last, again.first);
      return this.#joined(whole, { ...again, isEmpty: true });
    }
    return max > min ? this.#joined(whole, this.#upTo(max - min, part)) : whole;
  }

  /** Each copy is reached by the one before it alone: leaving out an earlier one would only say the same again. */
  #upTo(count: number, node: PatternNode): Part {
    const parts = Array.from({ length: count }, () => this.part(node));
    parts.slice(1).forEach((each, i) => this.#lead(parts[i]!.last, each.first));
    return { first: parts[0]!.first, last: parts.flatMap(({ last }) => last), isEmpty: true };
  }

  #joined(a: Part, b: Part): Part {
    this.#lead(a.last, b.first);
    return {
      first: a.isEmpty ? [...a.first, ...b.first] : a.first,
      last: b.isEmpty ? [...a.last, ...b.last] : b.last,
      isEmpty: a.isEmpty && b.isEmpty,
    };
  }

  #lead(from: readonly number[], to: readonly number[]): void {
    for (const place of from) for (const other of to) this.next[place]!.add(other);
  }
}

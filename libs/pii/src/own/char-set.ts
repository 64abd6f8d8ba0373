import { PatternUnsupported } from '../pii.errors.ts';

/** UTF-16 units, as ranges: from, to, from, to … both inclusive, in no order. */
export type Ranges = readonly number[];

const LAST = 0xffff;
/** Sets larger than this are folded as far as ASCII goes: they have both cases anyway. */
const FOLDED = 2048;
const DIGIT: Ranges = [48, 57];
const SPACE: Ranges = [9, 13, 32, 32, 0xa0, 0xa0, 0x2000, 0x200a, 0x2028, 0x2029, 0x202f, 0x202f, 0x3000, 0x3000];
/** All but the ends of lines. */
export const ANY: Ranges = [0, 9, 11, 12, 14, LAST];

const kinds = new Map<string, Ranges>();

/** The units of a Unicode property: `L`, `Lu`, `Ll`, `N`. Looked up once. @throws PatternUnsupported */
export function unicodeKind(name: string): Ranges {
  if (!/^(?:L|Lu|Ll|N)$/.test(name)) throw new PatternUnsupported('of \\p only \\p{L}, \\p{Lu}, \\p{Ll} and \\p{N}');
  let known = kinds.get(name);
  if (!known) kinds.set(name, (known = unitsLike(new RegExp(`\\p{${name}}+`, 'gu'))));
  return known;
}

/** Every unit that is a character of its own, in order: where one stands is what it is. */
function unitsLike(pattern: RegExp): number[] {
  const codes = Uint16Array.from({ length: LAST + 1 }, (_, code) => (code >= 0xd800 && code <= 0xdfff ? 0 : code));
  const every = Buffer.from(codes.buffer).toString('utf16le');
  return [...every.matchAll(pattern)].flatMap(({ 0: run, index }) => [index, index + run.length - 1]);
}

/** What `\d` and the like mean; null for a letter that means nothing. Looked up once. */
export function escapedKind(letter: string): Ranges | null {
  let known = kinds.get(`\\${letter}`) ?? null;
  if (!known && (known = kindOf(letter))) kinds.set(`\\${letter}`, known);
  return known;
}

function kindOf(letter: string): Ranges | null {
  switch (letter) {
    case 'd':
      return DIGIT;
    case 's':
      return SPACE;
    case 'w':
      return [...unicodeKind('L'), ...unicodeKind('N'), 95, 95];
    case 'D':
    case 'S':
    case 'W':
      return without(escapedKind(letter.toLowerCase())!);
    default:
      return null;
  }
}

function without(ranges: Ranges): number[] {
  const rest: number[] = [];
  let next = 0;
  for (const [from, to] of merged(pairsOf(ranges))) {
    if (from > next) rest.push(next, from - 1);
    next = to + 1;
  }
  if (next <= LAST) rest.push(next, LAST);
  return rest;
}

/** With the other case of each letter. */
function inBothCases(ranges: Ranges): number[] {
  const all = [...ranges];
  const pairs = pairsOf(ranges);
  const isLarge = pairs.reduce((sum, [from, to]) => sum + to - from, 0) > FOLDED;
  for (const [from, to] of pairs) {
    for (let code = from; code <= (isLarge ? Math.min(to, 127) : to); code += 1) {
      const letter = String.fromCharCode(code);
      const others = [letter.toLowerCase(), letter.toUpperCase()].filter((other) => other.length === 1);
      all.push(...others.flatMap((other) => [other.charCodeAt(0), other.charCodeAt(0)]));
    }
  }
  return all;
}

function pairsOf(ranges: Ranges): [number, number][] {
  return Array.from({ length: ranges.length / 2 }, (_, i) => [ranges[2 * i]!, ranges[2 * i + 1]!]);
}

const sets = new WeakMap<Ranges, Map<string, CharSet>>();

/**
 * The set of these ranges, or of all that is not in them: made once for each list of ranges, as a place that is repeated
 * is the same place. Without regard to case, neither case of what is left out is in it.
 */
export function setOf(ranges: Ranges, isNot: boolean, isCaseSensitive: boolean): CharSet {
  const name = `${isNot} ${isCaseSensitive}`;
  const known = sets.get(ranges) ?? new Map<string, CharSet>();
  sets.set(ranges, known);
  const folded = known.has(name) || isCaseSensitive ? ranges : inBothCases(ranges);
  const set = known.get(name) ?? new CharSet(isNot ? without(folded) : folded);
  known.set(name, set);
  return set;
}

/** A set that is quick to ask. */
export class CharSet {
  readonly #ascii = new Uint8Array(128);
  #beyond: [number, number][] = [];

  constructor(ranges: Ranges) {
    for (const [from, to] of pairsOf(ranges)) {
      for (let code = from; code <= Math.min(to, 127); code += 1) this.#ascii[code] = 1;
      if (to > 127) this.#beyond.push([Math.max(from, 128), to]);
    }
    this.#beyond = merged(this.#beyond);
  }

  has(code: number): boolean {
    if (code < 128) return this.#ascii[code] === 1;
    let low = 0;
    let high = this.#beyond.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      if (this.#beyond[middle]![0] <= code) low = middle + 1;
      else high = middle - 1;
    }
    return high >= 0 && this.#beyond[high]![1] >= code;
  }
}

/** In order, and none over another. */
function merged(pairs: [number, number][]): [number, number][] {
  const all: [number, number][] = [];
  for (const [from, to] of pairs.sort(([a], [b]) => a - b)) {
    const last = all.at(-1);
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else all.push([from, to]);
  }
  return all;
}

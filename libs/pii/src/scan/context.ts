import { CONTEXT_WORDS } from './context-words.ts';
import { FOLD } from './fold.ts';

export type Context = keyof typeof CONTEXT_WORDS;

const names = Object.keys(CONTEXT_WORDS) as Context[];
const numbers = new Map(names.map((name, number) => [name, number]));
export const CONTEXT_COUNT = names.length;

/** Rules name their context in words, the scan knows it by number. */
export function contextNumber(name: Context): number {
  const number = numbers.get(name);
  if (number === undefined) throw new RangeError('no such context');
  return number;
}

/** Whether words said of a candidate are the name of a context. */
export function isContext(name: string): name is Context {
  return numbers.has(name as Context);
}

export function contextName(number: number): string {
  return names[number] ?? '';
}

/** Folds one lower-case character into the hash of a word. */
export function hashStep(hash: number, code: number): number {
  return (Math.imul(hash, 31) + code) | 0;
}

/** Of a word, whatever its case. */
export function hashWord(word: string): number {
  let hash = 0;
  for (let at = 0; at < word.length; at += 1) {
    const code = word.charCodeAt(at);
    hash = hashStep(hash, FOLD[code] ?? code);
  }
  return hash;
}

/** The same of the word between two places of a text. */
export function foldedHash(codes: Uint16Array, from: number, to: number): number {
  let hash = 0;
  for (let at = from; at < to; at += 1) {
    const code = codes[at] ?? 0;
    hash = hashStep(hash, FOLD[code] ?? code);
  }
  return hash;
}

/** The hash of two words one after the other. */
export function hashPair(first: number, second: number): number {
  return (Math.imul(first, 0x9e3779b1) ^ second) | 0;
}

const SIZE = 16_384;
/** A bit for each hash that is known: small enough to stay near, as nearly all words of a text are not. */
const MARKS = 2048;
const marks = new Uint32Array(MARKS);
const keys = new Int32Array(SIZE);
const values = new Int32Array(SIZE);
const contextLists: number[][] = [[]];
/** Words that can be the second of a pair, so that pairs are looked up only behind those. */
const seconds = new Set<number>();
build();

function build(): void {
  const byHash = new Map<number, number[]>();
  for (const name of names) {
    for (const words of CONTEXT_WORDS[name].split(/\s+/)) {
      const [first = '', second] = words.split('+');
      const hash = second === undefined ? hashWord(first) : hashPair(hashWord(first), hashWord(second));
      if (second !== undefined) seconds.add(hashWord(second));
      const list = byHash.get(hash);
      if (list) list.push(contextNumber(name));
      else byHash.set(hash, [contextNumber(name)]);
    }
  }
  for (const second of seconds) if (!byHash.has(second)) byHash.set(second, []);
  for (const [hash, list] of byHash) insert(hash, list);
}

function insert(hash: number, list: number[]): void {
  const mixed = hash ^ (hash >>> 15);
  marks[(mixed >>> 5) & (MARKS - 1)]! |= 1 << (mixed & 31);
  let slot = slotOf(hash);
  while (values[slot] !== 0) slot = (slot + 1) % SIZE;
  keys[slot] = hash;
  values[slot] = contextLists.push(list) - 1;
}

function slotOf(hash: number): number {
  return (hash ^ (hash >>> 15)) & (SIZE - 1);
}

/** False for nearly all words that speak of no context. */
export function mayHaveContext(hash: number): boolean {
  const mixed = hash ^ (hash >>> 15);
  return ((marks[(mixed >>> 5) & (MARKS - 1)] ?? 0) & (1 << (mixed & 31))) !== 0;
}

/** The contexts a word (or pair of words) speaks of; null for the many words that say nothing. */
export function contextsOf(hash: number): readonly number[] | null {
  if (!mayHaveContext(hash)) return null;
  let slot = slotOf(hash);
  for (;;) {
    const value = values[slot] ?? 0;
    if (value === 0) return null;
    if (keys[slot] === hash) return contextLists[value] ?? null;
    slot = (slot + 1) & (SIZE - 1);
  }
}

export function isSecondWord(hash: number): boolean {
  return seconds.has(hash);
}

import { DIGIT, KIND, LETTER, LOWER, UPPER } from '../scan/characters.ts';
import { contextsOf, foldedHash, hashPair, hashStep } from '../scan/context.ts';

/** The contexts that the words of a key speak of: `billing.cardNumber` speaks of cards. */
export interface KeyContexts {
  /** Of all its words. */
  readonly all: readonly number[];
  /** Of its last word (or pair): those say what the value is, `password` but not `password_policy`. */
  readonly own: readonly number[];
}

const MAX_KEPT = 48;
const SLOTS = 1024;

/** What keys say. They come again in every record of a dataset, so it is kept by the key; long ones are worked out anew. */
export class KeyWords {
  readonly #kept: ({ key: Uint16Array; contexts: KeyContexts } | undefined)[] = Array.from({ length: SLOTS });

  /** Of the key between `start` and `end` of a source with these code units. */
  of(source: string, codes: Uint16Array, start: number, end: number): KeyContexts {
    if (end - start > MAX_KEPT) return keyContexts(source, codes, start, end);
    let hash = 0;
    for (let at = start; at < end; at += 1) hash = hashStep(hash, codes[at] ?? 0);
    const slot = (hash ^ (hash >>> 10)) & (SLOTS - 1);
    const there = this.#kept[slot];
    if (there && isSame(there.key, codes, start, end)) return there.contexts;
    const contexts = keyContexts(source, codes, start, end);
    this.#kept[slot] = { key: codes.slice(start, end), contexts };
    return contexts;
  }
}

function isSame(key: Uint16Array, codes: Uint16Array, start: number, end: number): boolean {
  if (key.length !== end - start) return false;
  for (let i = 0; i < key.length; i += 1) if (key[i] !== codes[start + i]) return false;
  return true;
}

const SAYS_NOTHING = /^(?:number|no|nr|num|id|value|val|code|key|field|text|str|string|raw|full|data|address|addr)$/i;

/** Of the key between `start` and `end`. */
export function keyContexts(source: string, codes: Uint16Array, start: number, end: number): KeyContexts {
  const all: number[] = [];
  let own: number[] = [];
  let previous = 0;
  let at = start;
  while (at < end) {
    const kind = KIND[codes[at] ?? 0] ?? 0;
    if (kind < LOWER || kind > LETTER) {
      at += 1;
      continue;
    }
    const stop = wordEnd(codes, at, end);
    const hash = foldedHash(codes, at, stop);
    const said = saidBy(source.slice(at, stop), contextsOf(hash), contextsOf(hashPair(previous, hash)));
    if (said) all.push(...(own = said));
    previous = hash;
    at = stop;
  }
  return { all, own };
}

/** What a word and the pair it ends speak of; nothing for one like `number`, which leaves it to the word before. */
function saidBy(word: string, single: readonly number[] | null, pair: readonly number[] | null): number[] | null {
  const says = (single?.length ?? 0) > 0 || pair !== null;
  return !says && SAYS_NOTHING.test(word) ? null : [...(single ?? []), ...(pair ?? [])];
}

function wordEnd(codes: Uint16Array, start: number, end: number): number {
  let at = start;
  let wasLower = false;
  while (at < end) {
    const kind = KIND[codes[at] ?? 0] ?? 0;
    if (kind === DIGIT || kind < LOWER || kind > LETTER || (kind === UPPER && wasLower)) break;
    wasLower = kind !== UPPER;
    at += 1;
  }
  return at;
}

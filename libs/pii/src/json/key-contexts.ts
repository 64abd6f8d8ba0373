import { DIGIT, KIND, LETTER, LOWER, UPPER } from '../scan/characters.ts';
import { contextsOf, foldedHash, hashPair } from '../scan/context.ts';

/** The contexts that the words of a key speak of: `billing.cardNumber` speaks of cards. */
export interface KeyContexts {
  /** Of all its words. */
  all: number[];
  /** Of its last word (or pair): those say what the value is, `password` but not `password_policy`. */
  own: number[];
}

const SAYS_NOTHING = /^(?:number|no|nr|num|id|value|val|code|key|field|text|str|string|raw|full|data|address|addr)$/i;

/** Fills `into`, which is used again, from the key between `start` and `end`. */
export function hearKey(source: string, start: number, end: number, into: KeyContexts): void {
  into.all.length = into.own.length = 0;
  let previous = 0;
  let at = start;
  while (at < end) {
    const kind = KIND[source.charCodeAt(at)] ?? 0;
    if (kind < LOWER || kind > LETTER) {
      at += 1;
      continue;
    }
    const stop = wordEnd(source, at, end);
    const hash = foldedHash(source, at, stop);
    takeWord(source.slice(at, stop), contextsOf(hash), contextsOf(hashPair(previous, hash)), into);
    previous = hash;
    at = stop;
  }
}

function takeWord(
  word: string,
  single: readonly number[] | null,
  pair: readonly number[] | null,
  into: KeyContexts,
): void {
  const says = (single?.length ?? 0) > 0 || pair !== null;
  if (!says && SAYS_NOTHING.test(word)) return;
  into.own.length = 0;
  for (const context of single ?? []) into.own.push(context);
  for (const context of pair ?? []) into.own.push(context);
  into.all.push(...into.own);
}

function wordEnd(source: string, start: number, end: number): number {
  let at = start;
  let wasLower = false;
  while (at < end) {
    const kind = KIND[source.charCodeAt(at)] ?? 0;
    if (kind === DIGIT || kind < LOWER || kind > LETTER || (kind === UPPER && wasLower)) break;
    wasLower = kind !== UPPER;
    at += 1;
  }
  return at;
}

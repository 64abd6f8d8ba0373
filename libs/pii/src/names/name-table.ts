import { foldedHash, hashWord } from '../scan/context.ts';
import { ALSO_WORDS } from './also-words.ts';
import { FIRST_NAMES } from './first-names.ts';
import { LAST_NAMES } from './last-names.ts';
import { ORGANIZATIONS, TITLES } from './name-words.ts';
import { unpacked, withoutMarks } from './packed-words.ts';
import { PLACE_NAMES } from './place-names.ts';

export const IS_FIRST = 1;
export const IS_LAST = 2;
export const IS_PLACE = 4;
/** More often a plain word than a name. */
export const IS_WORD = 8;
/** In front of a name, such as `Dr`. */
export const IS_TITLE = 16;
/** Makes what stands before it the name of something else, such as `University`. */
export const IS_ORGANIZATION = 32;

const SIZE = 1 << 18;

/** What is known of words, by their hash. Words without their accents are known too. */
export class NameTable {
  readonly #keys = new Int32Array(SIZE);
  readonly #flags = new Uint8Array(SIZE);

  constructor() {
    this.#takeAll(FIRST_NAMES, IS_FIRST);
    this.#takeAll(LAST_NAMES, IS_LAST);
    this.#takeAll(PLACE_NAMES, IS_PLACE);
    this.#takeAll(ALSO_WORDS, IS_WORD);
    for (const word of TITLES.split(' ')) this.#take(word, IS_TITLE);
    for (const word of ORGANIZATIONS.split(' ')) this.#take(word, IS_ORGANIZATION);
  }

  /** Of the word that was looked up last. */
  hash = 0;

  /** The flags of the word between two places of a text, whatever its case. */
  look(text: string, start: number, end: number): number {
    this.hash = foldedHash(text, start, end);
    return this.#flagsOf(this.hash);
  }

  #flagsOf(hash: number): number {
    let slot = slotOf(hash);
    while (this.#flags[slot] !== 0) {
      if (this.#keys[slot] === hash) return this.#flags[slot] ?? 0;
      slot = (slot + 1) & (SIZE - 1);
    }
    return 0;
  }

  #takeAll(packed: string, flag: number): void {
    for (const word of unpacked(packed)) {
      this.#take(word, flag);
      const plain = withoutMarks(word);
      if (plain !== word && flag !== IS_WORD) this.#take(plain, flag);
    }
  }

  #take(word: string, flag: number): void {
    const hash = hashWord(word);
    let slot = slotOf(hash);
    while (this.#flags[slot] !== 0 && this.#keys[slot] !== hash) slot = (slot + 1) & (SIZE - 1);
    this.#keys[slot] = hash;
    this.#flags[slot] = (this.#flags[slot] ?? 0) | flag;
  }
}

function slotOf(hash: number): number {
  return (hash ^ (hash >>> 14)) & (SIZE - 1);
}

let shared: NameTable | null = null;

/** Made once, when the first scanner asks for names. */
export function nameTable(): NameTable {
  return (shared ??= new NameTable());
}

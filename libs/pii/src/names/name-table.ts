import { hashWord } from '../scan/context.ts';
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

/** The bits of an entry that are flags. What is left of the hash, with the slot it lies in, tells words apart. */
const FLAGS = 63;

function isOf(entry: number, mixed: number): boolean {
  return (entry ^ mixed) >>> 6 === 0;
}

/** Spreads hashes that differ in little, as those of words do that differ in their last letter; no two become one. */
function mix(hash: number): number {
  const spread = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return spread ^ (spread >>> 13);
}

/** What is known of words, by their hash. Words without their accents are known too. */
export class NameTable {
  /** The upper bits of a hash, and the flags: side by side, as most words of a text are looked up once. */
  readonly #entries = new Int32Array(SIZE);

  constructor() {
    this.#takeAll(FIRST_NAMES, IS_FIRST);
    this.#takeAll(LAST_NAMES, IS_LAST);
    this.#takeAll(PLACE_NAMES, IS_PLACE);
    this.#takeAll(ALSO_WORDS, IS_WORD);
    for (const word of TITLES.split(' ')) this.#take(word, IS_TITLE);
    for (const word of ORGANIZATIONS.split(' ')) this.#take(word, IS_ORGANIZATION);
  }

  /** The flags of the word with this hash; 0 for one that no list has. */
  look(hash: number): number {
    const mixed = mix(hash);
    let slot = mixed & (SIZE - 1);
    for (;;) {
      const entry = this.#entries[slot] ?? 0;
      if (entry === 0) return 0;
      if (isOf(entry, mixed)) return entry & FLAGS;
      slot = (slot + 1) & (SIZE - 1);
    }
  }

  #takeAll(packed: string, flag: number): void {
    for (const word of unpacked(packed)) {
      this.#take(word, flag);
      const plain = withoutMarks(word);
      if (plain !== word && flag !== IS_WORD) this.#take(plain, flag);
    }
  }

  #take(word: string, flag: number): void {
    const mixed = mix(hashWord(word));
    let slot = mixed & (SIZE - 1);
    while (this.#entries[slot] !== 0 && !isOf(this.#entries[slot] ?? 0, mixed)) slot = (slot + 1) & (SIZE - 1);
    this.#entries[slot] = (mixed & ~FLAGS) | (this.#entries[slot] ?? 0) | flag;
  }
}

let shared: NameTable | null = null;

/** Made once, when the first scanner asks for names. */
export function nameTable(): NameTable {
  return (shared ??= new NameTable());
}

/** The flags of a word, whatever its case. */
export function flagsOf(word: string): number {
  return nameTable().look(hashWord(word));
}

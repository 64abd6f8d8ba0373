/** FNV-1a over code units: endings are short, and differ in letters of any script. */
const step = (hash: number, code: number): number => Math.imul(hash ^ code, 0x01000193);
const START = 0x811c9dc5 | 0;

/** Tells whether a word ends in one of some endings: their letters are hashed from the last to the first, once a word. */
export class WordEnds {
  readonly #hashes = new Set<number>();
  #shortest = Number.MAX_SAFE_INTEGER;
  #longest = 0;

  constructor(endings: readonly string[]) {
    for (const ending of endings) {
      this.#hashes.add(backwards(ending));
      this.#shortest = Math.min(this.#shortest, ending.length);
      this.#longest = Math.max(this.#longest, ending.length);
    }
  }

  /** Of the word between two places, in the letters it is written in. */
  has(codes: Uint16Array, start: number, end: number): boolean {
    const first = Math.max(start, end - this.#longest);
    let hash = START;
    for (let at = end - 1; at >= first; at -= 1) {
      hash = step(hash, codes[at] ?? 0);
      if (end - at >= this.#shortest && this.#hashes.has(hash)) return true;
    }
    return false;
  }
}

function backwards(word: string): number {
  let hash = START;
  for (let at = word.length - 1; at >= 0; at -= 1) hash = step(hash, word.charCodeAt(at));
  return hash;
}

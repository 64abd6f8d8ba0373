import { hashPair, hashWord } from '../scan/context.ts';
import { FAMOUS_PLACES } from './famous-places.ts';
import { IS_FIRST, IS_ORGANIZATION, IS_PLACE, IS_WORD } from './name-table.ts';
import { unpacked, withoutMarks } from './packed-words.ts';
import { IN_BEFORE, LIVES_BEFORE, MONTHS } from './place-words.ts';
import type { RunWords } from './run-words.ts';
import { SEVERAL_PLACES } from './several-places.ts';

const MAX_PLACE = 5;
const BACK = 32;
const LISTED = 0.6;
const SEVERAL = 0.7;
const BY_CONTEXT = 0.55;

/** A place among the words of a run. */
export interface Place {
  /** Behind its last word. */
  stop: number;
  confidence: number;
  why: string;
}

/** What is known of places beyond the table of names: by the hash of their words, one behind the other. */
export class PlaceNames {
  readonly #names = new Set<number>();
  readonly #words = new Set<number>();

  constructor() {
    for (const name of [...unpacked(SEVERAL_PLACES), ...unpacked(FAMOUS_PLACES)]) {
      this.#take(name);
      this.#take(withoutMarks(name));
    }
  }

  #take(name: string): void {
    const hashes = name.split('_').map(hashWord);
    for (const hash of hashes) this.#words.add(hash);
    this.#names.add(hashes.reduce((all, hash) => hashPair(all, hash)));
  }

  has(hash: number): boolean {
    return this.#names.has(hash);
  }

  /** Whether a word is one, or part of one. */
  hasWord(hash: number): boolean {
    return this.#words.has(hash);
  }
}

let shared: PlaceNames | null = null;

/** Made once, when the first scanner asks for places. */
export function placeNames(): PlaceNames {
  return (shared ??= new PlaceNames());
}

/** The places among the words of a run: by lists, and by what is said before them. */
export class PlaceRun {
  readonly #words: RunWords;
  readonly names: PlaceNames;

  /** Where a judge says who is no person, a first name may well be a place. */
  readonly #isJudged: boolean;

  constructor(words: RunWords, names: PlaceNames, isJudged: boolean) {
    this.#words = words;
    this.#isJudged = isJudged;
    this.names = names;
  }

  /** The place that begins at word `at`; none where the name of a person that ends at `name` goes on behind it. */
  at(at: number, name: number): Place | null {
    const several = this.#several(at);
    if (several > at && several >= name) return { stop: several, confidence: SEVERAL, why: 'a name of a place' };
    const { reading, start } = this.#words;
    const from = start[at] ?? 0;
    const before = reading.text.slice(Math.max(reading.from, from - BACK), from);
    const said = LIVES_BEFORE.test(before) ? this.#unknown(at) : at;
    if (said > at) return { stop: said, confidence: BY_CONTEXT, why: 'a place by what is said before it' };
    const listed = this.#listed(at, name, before);
    return listed > at ? { stop: listed, confidence: LISTED, why: 'a name of a place' } : null;
  }

  #several(at: number): number {
    const words = this.#words;
    let hash = words.hash[at] ?? 0;
    let stop = at;
    for (let next = at + 1; next < words.count && next - at < MAX_PLACE && !words.hasComma(next); next += 1) {
      hash = hashPair(hash, words.hash[next] ?? 0);
      if (this.names.has(hash)) stop = next + 1;
    }
    return stop;
  }

  /** Words that no list has for plain ones, up to a comma. */
  #unknown(at: number): number {
    const words = this.#words;
    let stop = at;
    while (stop < words.count && stop - at < MAX_PLACE && !(stop > at && words.hasComma(stop))) {
      const isPlain = words.is(stop, IS_WORD) && !words.is(stop, IS_PLACE | IS_FIRST | IS_ORGANIZATION);
      if (isPlain || words.length(stop) < 3 || MONTHS.test(words.word(stop))) break;
      stop += 1;
    }
    return stop;
  }

  #listed(at: number, name: number, before: string): number {
    const words = this.#words;
    if (!this.#isListed(at) || name > at + 1) return at;
    const isOther = name > at || words.is(at, this.#isJudged ? IS_WORD : IS_WORD | IS_FIRST);
    if (isOther && !(IN_BEFORE.test(before) && !MONTHS.test(words.word(at)))) return at;
    let stop = at + 1;
    while (!isOther && stop < words.count && words.is(stop, IS_PLACE) && !words.hasComma(stop)) stop += 1;
    return stop;
  }

  #isListed(at: number): boolean {
    const words = this.#words;
    if (words.length(at) > 3 && words.is(at, IS_PLACE)) return true;
    // `Us` and `us` are no country: short forms stand in capitals.
    return this.names.has(words.hash[at] ?? 0) && (words.length(at) > 3 || words.isUpper(at));
  }
}

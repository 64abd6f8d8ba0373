import type { Reading } from '../scan/reading.ts';
import { NameFeatures } from './name-features.ts';
import type { NameJudge } from './name-judge.ts';
import { isNamedByKey, judgeByRules, TITLED } from './name-rules.ts';
import { IS_FIRST, IS_LAST, IS_PLACE, IS_TITLE, IS_WORD } from './name-table.ts';
import { type Place, type PlaceNames, PlaceRun } from './place-run.ts';
import { MAX_WORDS, type RunWords } from './run-words.ts';

const SAID_BEFORE = 0.6;
/** Real texts hold fewer names than those that were learned from. */
const BIAS = 0.6;
/** Where a key says that a value is a name, or a title stands before it: four to one. */
const SURE = 1.4;
/** Unless all else speaks against it, as in `I M FROM`. */
const DOUBT = 2.5;

/** The names among the words of a run, and last names that are said again. */
export class NameRun {
  readonly #words: RunWords;
  readonly #judge: NameJudge | null;
  readonly #places: PlaceRun | null;
  readonly #features = new NameFeatures();
  readonly #odds = new Float64Array(MAX_WORDS);
  /** Last names of persons found before in this text: they stand for the person from there on. */
  readonly #known = new Set<string>();
  /** Single words that may be such last names. */
  readonly #singles: { start: number; end: number }[] = [];

  /** Without a judge no persons are looked for, without names of places none of those. */
  constructor(words: RunWords, judge: NameJudge | null, places: PlaceNames | null) {
    this.#words = words;
    this.#judge = judge;
    this.#places = places && new PlaceRun(words, places, judge !== null);
  }

  begin(): void {
    this.#words.count = 0;
    if (this.#known.size > 0) this.#known.clear();
    if (this.#singles.length > 0) this.#singles.length = 0;
  }

  /** Reads the words gathered so far into names. */
  close(): void {
    const words = this.#words;
    if (words.count === 0) return;
    if (this.#judge && !this.#isNothing()) this.#weigh(this.#judge);
    else this.#odds.fill(-1);
    let at = 0;
    while (at < words.count) {
      const stop = this.#stop(at);
      const place = this.#places?.at(at, stop);
      if (place) {
        this.#place(at, place);
        at = place.stop;
        continue;
      }
      // `Dear Sir` names nobody.
      if (stop > at && !(stop === at + 1 && words.is(at, IS_TITLE))) this.#found(at, stop);
      else this.#leave(at);
      at = Math.max(stop, at + 1);
    }
    words.count = 0;
  }

  /** When all is read: last names that were known by then. */
  end(reading: Reading): void {
    if (this.#known.size === 0) return;
    for (const { start, end } of this.#singles) {
      if (this.#known.has(reading.text.slice(start, end)))
        this.#add('PERSON', start, end, SAID_BEFORE, 'a last name said before');
    }
  }

  /** All of it words and places that nobody is called, as most capital words are. */
  #isNothing(): boolean {
    const words = this.#words;
    if (words.count === 1 && words.isBeginning[0] === 1 && words.is(0, IS_WORD)) return true;
    for (let at = 0; at < words.count; at += 1) {
      if (words.is(at, IS_FIRST | IS_LAST) || !words.is(at, IS_WORD | IS_PLACE)) return false;
    }
    return true;
  }

  #weigh(judge: NameJudge): void {
    const words = this.#words;
    judgeByRules(words);
    this.#features.begin(words);
    const isNamed = isNamedByKey(words);
    let wasName = false;
    for (let at = 0; at < words.count; at += 1) {
      this.#features.of(words, at, wasName);
      const odds = judge.judge(this.#features, words.start[at] ?? 0, words.end[at] ?? 0);
      const ruled = words.ruled[at] ?? 0;
      const isSure = (isNamed && ruled > 0) || (ruled === TITLED && odds > -DOUBT);
      this.#odds[at] = isSure ? Math.max(odds - BIAS, SURE) : odds - BIAS;
      wasName = odds > 0;
    }
  }

  /** Behind the last word of the name that begins at `at`: before a comma, and before what the judge does not believe. */
  #stop(at: number): number {
    let stop = at;
    while (stop < this.#words.count && (this.#odds[stop] ?? 0) > 0) {
      if (stop > at && this.#words.hasComma(stop)) break;
      stop += 1;
    }
    return stop;
  }

  #found(at: number, stop: number): void {
    const words = this.#words;
    let sum = 0;
    for (let word = at; word < stop; word += 1) sum += this.#odds[word] ?? 0;
    const confidence = 1 / (1 + Math.exp(-sum / (stop - at)));
    this.#add('PERSON', words.start[at] ?? 0, words.end[stop - 1] ?? 0, Math.min(confidence, 0.97), 'names in a row');
    for (let word = at; word < stop; word += 1) {
      if (!words.is(word, IS_WORD | IS_PLACE) && words.length(word) > 2 && !words.isUpper(word)) {
        this.#known.add(words.word(word));
      }
    }
  }

  #leave(at: number): void {
    const words = this.#words;
    const [start, end] = [words.start[at] ?? 0, words.end[at] ?? 0];
    if (words.length(at) > 2 && !words.is(at, IS_WORD | IS_TITLE)) this.#singles.push({ start, end });
  }

  #place(at: number, { stop, confidence, why }: Place): void {
    const words = this.#words;
    for (let word = at; word < stop; word += 1) this.#leave(word);
    this.#add('LOCATION', words.start[at] ?? 0, words.end[stop - 1] ?? 0, confidence, why);
  }

  #add(type: string, start: number, end: number, confidence: number, why: string): void {
    this.#words.reading.add({ type, start, end, confidence, proof: 1, detector: type.toLowerCase(), why });
  }
}

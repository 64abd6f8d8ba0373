import { foldedHash } from '../scan/context.ts';
import { isCapitalCode } from '../scan/word-start.ts';
import type { Reading } from '../scan/reading.ts';
import { WordEnds } from '../scan/word-ends.ts';
import { isAtBeginning, isCamel, isJoint } from './capital-run.ts';
import type { NameJudge } from './name-judge.ts';
import { NameRun } from './name-run.ts';
import { IS_FIRST, IS_LAST, IS_PLACE, IS_TITLE, IS_WORD, type NameTable } from './name-table.ts';
import { LAST_NAME_ENDS } from './name-words.ts';
import type { PlaceNames } from './place-run.ts';
import { MAX_WORDS, RunWords } from './run-words.ts';

const lastNameEnds = new WordEnds(LAST_NAME_ENDS.split(' '));
const AT = 64;
const UNDERSCORE = 95;
const SPACE = 32;
const HYPHEN = 45;
/** So much of a text says whether it is written without capitals. */
const SAMPLE = 400;
const MIN_SMALL = 12;

/** Finds names among the capital words of a text, and among all words of one without capitals. */
export class NameTagger {
  readonly #table: NameTable;
  readonly #words: RunWords;
  readonly #run: NameRun;
  readonly #places: PlaceNames | null;
  #isShort = false;
  /** The text is written without capitals. */
  hearsSmall = false;
  #lastEnd = -1;

  constructor(table: NameTable, reading: Reading, judge: NameJudge | null, places: PlaceNames | null) {
    this.#places = places;
    this.#table = table;
    this.#words = new RunWords(reading);
    this.#run = new NameRun(this.#words, judge, places);
  }

  begin(reading: Reading): void {
    this.#lastEnd = -1;
    this.#run.begin();
    this.hearsSmall = isSmall(reading);
  }

  /** Letters in one piece. Those that may be names and belong together are gathered into a run. */
  chunk(start: number, end: number, count: number, hash: number): void {
    const words = this.#words;
    const { reading } = words;
    const { text } = reading;
    const isCapital = isCapitalCode(reading.codes[start] ?? 0);
    if ((!isCapital && !this.hearsSmall) || start < reading.taken) return;
    const before = reading.code(start - 1);
    if (before === AT || before === UNDERSCORE) return;
    if (isCamel(text, start, end, count)) return this.#skip(end);
    const whole = count === 1 ? hash : foldedHash(reading.codes, start, end);
    const flags = this.#flags(whole, start, end);
    if (!isCapital && !isSmallName(flags, end - start, before) && !this.#isSmallPlace(flags, whole, before)) return;
    if (words.count > 0 && (words.count >= MAX_WORDS || !isJoint(text, this.#lastEnd, start, this.#isShort)))
      this.#run.close();
    const at = words.count++;
    words.start[at] = start;
    words.end[at] = end;
    words.flags[at] = flags;
    words.hash[at] = whole;
    words.isBeginning[at] = isAtBeginning(reading, start) ? 1 : 0;
    this.#isShort = end - start <= 2 || (end - start <= 4 && (flags & IS_TITLE) !== 0);
    this.#lastEnd = end;
  }

  /** A place among small letters, or a word of one. */
  #isSmallPlace(flags: number, hash: number, before: number): boolean {
    if (this.#places === null || (before > SPACE && before !== HYPHEN)) return false;
    return (flags & (IS_PLACE | IS_WORD)) === IS_PLACE || this.#places.hasWord(hash);
  }

  /** `XMLHttpRequest` is a thing of a program, and ends what stands before it. */
  #skip(end: number): void {
    this.#run.close();
    this.#lastEnd = end;
  }

  /** A word that no list has may still end as last names do. */
  #flags(hash: number, start: number, end: number): number {
    const flags = this.#table.look(hash);
    return flags === 0 && end - start > 4 && lastNameEnds.has(this.#words.reading.codes, start, end) ? IS_LAST : flags;
  }

  finish(): void {
    this.#run.close();
    this.#run.end(this.#words.reading);
  }
}

/** Among small letters only what the lists know for a name, and nothing short or in marks, which are keys of data. */
function isSmallName(flags: number, length: number, before: number): boolean {
  if ((flags & (IS_FIRST | IS_LAST)) === 0 || (flags & IS_WORD) !== 0) return false;
  return length > 3 && (before <= SPACE || before === HYPHEN);
}

/** Prose without a capital, as people write in haste. */
function isSmall(reading: Reading): boolean {
  const { codes } = reading;
  const end = Math.min(reading.end, reading.from + SAMPLE);
  let small = 0;
  let spaces = 0;
  for (let at = reading.from; at < end; at += 1) {
    const code = codes[at] ?? 0;
    if (isCapitalCode(code)) return false;
    if (code > 96 && code < 123) small += 1;
    else if (code === SPACE) spaces += 1;
  }
  return small >= MIN_SMALL && spaces * 10 > small;
}

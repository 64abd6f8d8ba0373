import type { Reading } from '../scan/reading.ts';
import { isCapitalCode } from '../scan/word-start.ts';
import { isAtBeginning, isCamel, isJoint } from './capital-run.ts';
import { LAST_NAME_ENDS } from './name-words.ts';
import { IS_LAST, IS_TITLE, nameTable } from './name-table.ts';
import { NameRun } from './name-run.ts';

const MAX_WORDS = 12;
const AT = 64;
const UNDERSCORE = 95;

/** Finds names among the capital words of a text: by lists of names, by titles, and by what is said before them. */
export class NameTagger {
  readonly #table = nameTable();
  readonly #run: NameRun;
  #reading: Reading | null = null;
  #isShort = false;
  #lastEnd = -1;

  constructor(wanted: ReadonlySet<string>) {
    this.#run = new NameRun(wanted.has('PERSON'), wanted.has('LOCATION'));
  }

  begin(reading: Reading): void {
    this.#reading = reading;
    this.#lastEnd = -1;
    this.#run.begin(reading);
  }

  /** Letters in one piece. Capital ones that belong together are gathered into a run. */
  chunk(start: number, end: number): void {
    const reading = this.#reading;
    if (!reading || !isCapitalCode(reading.text.charCodeAt(start)) || start < reading.taken) return;
    const before = reading.code(start - 1);
    if (before === AT || before === UNDERSCORE) return;
    const run = this.#run;
    const { text } = reading;
    if (isCamel(text, start, end)) return this.#skip(end);
    if (run.count > 0 && (run.count >= MAX_WORDS || !isJoint(text, this.#lastEnd, start, this.#isShort))) run.close();
    const flags = this.#flags(text, start, end);
    run.push(start, end, flags, isAtBeginning(text, reading.from, start));
    this.#isShort = end - start <= 2 || (end - start <= 4 && (flags & IS_TITLE) !== 0);
    this.#lastEnd = end;
  }

  /** `XMLHttpRequest` is a thing of a program, and ends what stands before it. */
  #skip(end: number): void {
    this.#run.close();
    this.#lastEnd = end;
  }

  /** A word that no list has may still end as last names do. */
  #flags(text: string, start: number, end: number): number {
    const flags = this.#table.look(text, start, end);
    return flags === 0 && end - start > 4 && LAST_NAME_ENDS.test(text.slice(start, end)) ? IS_LAST : flags;
  }

  finish(): void {
    this.#run.close();
    this.#run.end();
    this.#reading = null;
  }
}

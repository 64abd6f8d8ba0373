import { isDigit, isWordCode } from './characters.ts';

const MAX_GROUPS = 24;
const MAX_DIGITS = 64;
/** `555-0100x12`: a telephone number may go on with an extension. */
const LETTER_X = 120;
const MIN_EXTENDED = 7;

/**
 * Digits and the single characters that join them, read once: `4111 1111 1111 1111`, `+1 (212) 555-0100`, `10.0.0.1`.
 * One object is used again for every run of a scan.
 */
export class NumberRun {
  start = 0;
  end = 0;
  groups = 0;
  readonly groupStart = new Int32Array(MAX_GROUPS);
  readonly groupEnd = new Int32Array(MAX_GROUPS);
  /** The character before each group; 0 before the first, and -1 where there were two, as in `) `. */
  readonly separator = new Int32Array(MAX_GROUPS);
  /** The digits of all groups, as numbers. */
  readonly digits = new Uint8Array(MAX_DIGITS);
  /** How many digits stand before each group; one more entry for the end. */
  readonly before = new Int32Array(MAX_GROUPS + 1);

  /** Reads from a digit at `at`. False when what begins there is no run of digits of a sane length. */
  read(codes: Uint16Array, at: number, end: number): boolean {
    this.start = at;
    this.groups = 0;
    this.before[0] = 0;
    let next = at;
    let separator = 0;
    while (this.groups < MAX_GROUPS) {
      const stop = this.#group(codes, next, end);
      if (stop < 0) break;
      this.groupStart[this.groups] = next;
      this.groupEnd[this.groups] = stop;
      this.separator[this.groups] = separator;
      this.groups += 1;
      this.before[this.groups] = (this.before[this.groups - 1] ?? 0) + stop - next;
      this.end = stop;
      const gap = joint(codes, stop, end);
      if (gap === 0) break;
      separator = gap === 1 ? (codes[stop] ?? 0) : -1;
      next = stop + gap;
    }
    return this.groups > 0;
  }

  /** Copies a group's digits; -1 when it goes on as a word, or there are too many. */
  #group(codes: Uint16Array, from: number, end: number): number {
    let count = this.before[this.groups] ?? 0;
    let at = from;
    while (at < end && count < MAX_DIGITS) {
      const code = codes[at] ?? 0;
      if (!isDigit(code)) break;
      this.digits[count++] = code - 48;
      at += 1;
    }
    const isExtended = codes[at] === LETTER_X && isDigit(codes[at + 1] ?? 0) && count >= MIN_EXTENDED;
    if (at < end && isWordCode(codes[at] ?? 0) && !isExtended) return -1;
    return at;
  }

  /** The joints between the groups `from` and up to `to` are all the same character, or there are none. */
  isUniform(from: number, to: number): boolean {
    for (let group = from + 2; group < to; group += 1) {
      if (this.separator[group] !== this.separator[from + 1]) return false;
    }
    return to - from < 2 || (this.separator[from + 1] ?? -1) > 0;
  }

  digitsBetween(from: number, to: number): number {
    return (this.before[to] ?? 0) - (this.before[from] ?? 0);
  }

  length(group: number): number {
    return (this.groupEnd[group] ?? 0) - (this.groupStart[group] ?? 0);
  }
}

/** How many characters join the group that ends at `at` to a next one: 1, 2 for `) ` and the like, or 0 for none. */
function joint(codes: Uint16Array, at: number, end: number): number {
  if (at + 1 >= end) return 0;
  const code = codes[at] ?? 0;
  const next = codes[at + 1] ?? 0;
  const isJoint = code === 32 || code === 45 || code === 46 || code === 47 || code === 40 || code === 41;
  if (isJoint && isDigit(next)) return 1;
  if (at + 2 >= end || !isDigit(codes[at + 2] ?? 0)) return 0;
  // ") ", ")-", " (", "- ", ". " between the parts of a telephone number.
  if (code === 41 && (next === 32 || next === 45)) return 2;
  if (code === 32 && (next === 40 || next === 45)) return 2;
  return 0;
}

import { type Context, contextNumber } from './context.ts';
import type { Reading } from './reading.ts';
import type {
  CodeRule,
  Detector,
  FollowRule,
  Look,
  LookAtRun,
  LookAtWord,
  NumberRule,
  PrefixRule,
} from './dispatch.ts';

const MAX_COUNT = 64;
/** Bits that say whether a token may begin so: enough that few words share one with a token, and few enough to stay near. */
const MARKS = 1 << 17;
/** The first character that is no space. */
const FIRST_MARK = 33;
/** Longest first part of a code that is looked at. */
export const MAX_CODE = 110;

/** A rule with its contexts by number, so that no name is looked up while a text is read. */
export type Numbered<Rule> = Rule & { contexts: readonly number[] };

/** With how many digits the usual shape begins before its first joint; 0 where that is not plain to see. */
export type Shaped = Numbered<NumberRule> & { firstGroup: number };

/** All rules of the wanted types, laid out by what calls for them. Built once for a scanner. */
export class Dispatcher {
  readonly numbers: Shaped[][] = Array.from({ length: MAX_COUNT + 1 }, () => []);
  /** Of codes that may begin with a letter, by the length of their first part. */
  readonly codes: Numbered<CodeRule>[][] = Array.from({ length: MAX_CODE + 1 }, () => []);
  /** Of codes that may begin with a digit. */
  readonly digitCodes: Numbered<CodeRule>[][] = Array.from({ length: MAX_CODE + 1 }, () => []);
  readonly follows: (FollowRule[] | undefined)[] = [];
  readonly words: (LookAtWord[] | undefined)[] = [];
  readonly runs: LookAtRun[] = [];
  readonly shortCodes: ((reading: Reading, start: number) => void)[] = [];
  readonly looks: (Look | undefined)[] = Array.from({ length: 128 });
  /** By the first three characters, packed; `mayBegin` says quickly that there is none. */
  readonly prefixes = new Map<number, PrefixRule[]>();
  readonly #prefixMarks = new Uint32Array(MARKS >>> 5);

  /** The types to report: a look around a character may find others on its way. */
  readonly wanted: ReadonlySet<string>;

  constructor(detectors: readonly Detector[], wanted: ReadonlySet<string>) {
    this.wanted = wanted;
    for (const detector of detectors) this.#take(detector, wanted);
  }

  #take(detector: Detector, wanted: ReadonlySet<string>): void {
    const isWanted = (rule: { type: string }): boolean => wanted.has(rule.type);
    for (const rule of (detector.numbers ?? []).filter(isWanted)) this.#takeNumber(rule);
    for (const rule of (detector.codes ?? []).filter(isWanted)) this.#takeCode(rule);
    for (const rule of (detector.follows ?? []).filter(isWanted)) this.#takeFollow(rule);
    for (const rule of (detector.prefixes ?? []).filter(isWanted)) this.#takePrefix(rule);
    if (!detector.types.some((type) => wanted.has(type))) return;
    if (detector.run) this.runs.push(detector.run);
    if (detector.shortCode) this.shortCodes.push(detector.shortCode);
    for (const [context, look] of Object.entries(detector.words ?? {})) {
      (this.words[contextNumber(context as Context)] ??= []).push(look);
    }
    for (const [character, look] of Object.entries(detector.looks ?? {})) this.#takeLook(character, look);
  }

  #takeNumber(rule: NumberRule): void {
    const firstGroup = firstGroupOf(rule.shape);
    const numbered = { ...rule, contexts: rule.context.map(contextNumber), firstGroup };
    for (const count of rule.counts) this.numbers[count]?.push(numbered);
  }

  #takeCode(rule: CodeRule): void {
    const numbered = { ...rule, contexts: rule.context.map(contextNumber) };
    for (const length of rule.firstLengths) {
      if (mayBeginWith(rule.pattern, LETTERS)) this.codes[length]?.push(numbered);
      if (mayBeginWith(rule.pattern, DIGITS)) this.digitCodes[length]?.push(numbered);
    }
  }

  #takeFollow(rule: FollowRule): void {
    (this.follows[contextNumber(rule.context)] ??= []).push(rule);
  }

  #takePrefix(rule: PrefixRule): void {
    if (rule.prefix.length > 2) return this.#index(packedText(rule.prefix), rule);
    for (let code = FIRST_MARK; code < 128; code += 1) {
      this.#index(packedText(rule.prefix + String.fromCharCode(code)), rule);
    }
  }

  #index(key: number, rule: PrefixRule): void {
    const there = this.prefixes.get(key);
    if (there) there.push(rule);
    else this.prefixes.set(key, [rule]);
    const mark = markOf(key);
    this.#prefixMarks[mark >>> 5]! |= 1 << (mark & 31);
  }

  /** Whether a token of a vendor may begin with these three characters; false for nearly all. */
  mayBegin(key: number): boolean {
    const mark = markOf(key);
    return ((this.#prefixMarks[mark >>> 5] ?? 0) & (1 << (mark & 31))) !== 0;
  }

  /** Several detectors may look around the same character: the first that found something decides where to go on. */
  #takeLook(character: string, look: Look): void {
    const code = character.charCodeAt(0);
    const before = this.looks[code];
    this.looks[code] = before ? eitherOf(before, look) : look;
  }
}

function eitherOf(first: Look, second: Look): Look {
  return (reading, at) => {
    const next = first(reading, at);
    return next > at ? next : second(reading, at);
  };
}

const DIGITS = '0123456789';
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** A first character that must be there, in its own words; what must not be there may stand before it. */
const FIRST = /^(?:\(\?![^()]*\))*(\[[^\]\\]+\]|\\d)(?![?*]|\{0)/;

/** Whether what the pattern matches may begin with one of these; true where that is not plain to see. */
function mayBeginWith({ source, flags }: RegExp, characters: string): boolean {
  const first = FIRST.exec(source)?.[1];
  if (first === undefined) return true;
  const isFirst = new RegExp(first, flags.replace('y', ''));
  return Array.from(characters).some((character) => isFirst.test(character));
}

/** Digits and then a joint: `\d{3}-`, `\d{4}([ -])`. */
const FIRST_GROUP = /^\^\\d(?:\{(\d+)\})?(?:[- ]|\\[./]|\(\[ -\]\))/;

function firstGroupOf(shape: RegExp | undefined): number {
  const ways = shape?.source.split('|') ?? [];
  const firsts = new Set(ways.map((way) => Number((FIRST_GROUP.exec(way) ?? ['', 0])[1] ?? 1)));
  return firsts.size === 1 ? [...firsts][0]! : 0;
}

/** Three characters as one number; characters above 7 bits never begin a token. */
export function packed(codes: Uint16Array, at: number): number {
  return ((codes[at] ?? 0) << 14) | ((codes[at + 1] ?? 0) << 7) | (codes[at + 2] ?? 0);
}

function packedText(text: string): number {
  return (text.charCodeAt(0) << 14) | (text.charCodeAt(1) << 7) | text.charCodeAt(2);
}

function markOf(key: number): number {
  return (key ^ (key >>> 4)) & (MARKS - 1);
}

import { BY_CHECK, BY_CHECK_AND_CONTEXT, BY_SHAPE } from './candidate.ts';
import { isWordCode } from './characters.ts';
import { contextName } from './context.ts';
import type { Dispatcher, Shaped } from './dispatcher.ts';
import { isNegative, isOutspoken, nearest } from './nearest.ts';
import type { NumberRun } from './number-run.ts';
import type { Reading } from './reading.ts';

/** A value that is all there is in a text was given as a value: less context is asked of it. */
const WHOLE = 0.5;
const SHORT = 48;
/** Above this a word such as `order` does not speak against a value. */
const SURE = 0.8;
const SPACE = 32;
const MAX_SPAN = 8;
const DOT = 46;
const HYPHEN = 45;
const PLUS = 43;
const SLASH = 47;

/** Tries all that can be made of a run of digits: the run as a whole, and parts of it that are joined alike. */
export function lookAtRun(reading: Reading, dispatcher: Dispatcher, run: NumberRun): void {
  for (const look of dispatcher.runs) {
    look(reading, run);
    if (reading.taken > run.start) return;
  }
  const before = reading.code(run.start - 1);
  if (isWordCode(before) || before === DOT || before === PLUS) return;
  const isCut = before === HYPHEN || before === SLASH;
  for (let from = isCut ? 1 : 0; from < run.groups; from += 1) {
    const last = Math.min(run.groups, from + MAX_SPAN);
    for (let to = from + 1; to <= last; to += 1) {
      if (!isJoinedOn(run, from, to)) tryPart(reading, dispatcher, run, from, to);
    }
  }
}

/** Whether the part is only a piece of something joined by the same character: `12-345` of `12-345-67`. */
function isJoinedOn(run: NumberRun, from: number, to: number): boolean {
  const before = from > 0 ? run.separator[from] : 0;
  const after = to < run.groups ? run.separator[to] : 0;
  return before === DOT || after === DOT || before === HYPHEN || after === HYPHEN;
}

/** Spaces go on before or behind the part with groups like its own, so that it may be a piece of a longer number. */
function isAmongSpaces(run: NumberRun, from: number, to: number): boolean {
  if (to - from === 1 ? run.length(from) > 8 : run.separator[from + 1] !== SPACE) return false;
  const isBefore = from > 0 && run.separator[from] === SPACE && isLike(run.length(from - 1));
  return isBefore || (to < run.groups && run.separator[to] === SPACE && isLike(run.length(to)));
}

function isLike(length: number): boolean {
  return length > 1 && length < 7;
}

/** A hyphen and a letter follow: a piece of an identifier, such as a UUID. */
function goesOn(reading: Reading, end: number): boolean {
  return reading.code(end) === HYPHEN && isWordCode(reading.code(end + 1));
}

/** A part of a run that is looked at. One object serves for all: there are more of them than of anything else in a text. */
class Part {
  start = 0;
  end = 0;
  firstGroup = 0;
  /** Only believed where that is how the number is written. */
  needsShape = false;
  /** Only believed where the context says so. */
  needsContext = false;
  #text: string | null = null;

  begin(run: NumberRun, from: number, to: number): void {
    this.start = run.groupStart[from] ?? 0;
    this.end = run.groupEnd[to - 1] ?? 0;
    this.firstGroup = run.length(from);
    this.#text = null;
    // Joints of several kinds, dots, and pieces of a longer row.
    this.needsShape = !run.isUniform(from, to) || (to - from > 1 && run.separator[from + 1] === DOT);
    this.needsContext = isAmongSpaces(run, from, to);
    if (this.needsContext && to - from > 1) this.needsShape = true;
  }

  mayBeShaped({ shape, firstGroup }: Shaped): boolean {
    return shape !== undefined && (firstGroup === 0 || firstGroup === this.firstGroup);
  }

  isShaped({ text }: Reading, rule: Shaped): boolean {
    return this.mayBeShaped(rule) && rule.shape!.test((this.#text ??= text.slice(this.start, this.end)));
  }
}

const PART = new Part();

function tryPart(reading: Reading, dispatcher: Dispatcher, run: NumberRun, from: number, to: number): void {
  const rules = dispatcher.numbers[run.digitsBetween(from, to)];
  if (!rules || rules.length === 0 || goesOn(reading, run.groupEnd[to - 1] ?? 0)) return;
  PART.begin(run, from, to);
  const digitsFrom = run.before[from] ?? 0;
  const isShort = reading.end - reading.from < SHORT;
  for (const rule of rules) {
    if (PART.needsShape && !PART.mayBeShaped(rule)) continue;
    const near = nearest(reading, rule.contexts, PART.start);
    if (near < 0 && (PART.needsContext || !(rule.shaped || rule.alone || isShort))) continue;
    if (rule.check(run.digits, digitsFrom)) tryRule(reading, rule, near, PART);
  }
}

/** Of digits that hold the check of the rule. */
function tryRule(reading: Reading, rule: Shaped, near: number, part: Part): void {
  const isShaped = part.isShaped(reading, rule);
  if (part.needsShape && !isShaped) return;
  const confidence =
    near >= 0 ? inContext(reading, rule, near, part, isShaped) : withoutContext(reading, rule, part, isShaped);
  if (confidence === 0) return;
  const proof = near >= 0 ? BY_CHECK_AND_CONTEXT : isShaped ? BY_CHECK : BY_SHAPE;
  const why = near < 0 ? '' : contextName(near);
  const { start, end } = part;
  reading.add({ type: rule.type, start, end, confidence, proof, detector: rule.detector, why });
}

/** A nearer word of another kind of number speaks against what is not written in the usual shape. */
function inContext(reading: Reading, rule: Shaped, near: number, { start }: Part, isShaped: boolean): number {
  const distance = reading.distance(near, start);
  if (!isShaped && isOutspoken(reading, rule.contexts, start, distance)) return rule.alone ?? 0;
  return ((isShaped && rule.shapedInContext) || rule.inContext) - distance / 1000;
}

/** Ten digits that are seconds since 1970, of the years 2020 to 2030: `created` in the records of chats. */
function isMoment(reading: Reading, start: number, end: number): boolean {
  return end - start === 10 && /^1[678]/.test(reading.text.slice(start, start + 2));
}

function withoutContext(reading: Reading, rule: Shaped, { start, end }: Part, isShaped: boolean): number {
  const known = (isShaped ? rule.shaped : 0) || rule.alone || 0;
  if (known < WHOLE && rule.isWeak !== true && reading.isWhole(start, end) && !isMoment(reading, start, end))
    return WHOLE;
  return known < SURE && isNegative(reading, start) ? 0 : known;
}

import { BY_CHECK, BY_CHECK_AND_CONTEXT, BY_SHAPE } from './candidate.ts';
import { isWordCode } from './characters.ts';
import { contextName } from './context.ts';
import type { NumberRule } from './dispatch.ts';
import type { Dispatcher, Numbered } from './dispatcher.ts';
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
  for (const look of dispatcher.runs) look(reading, run);
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

function tryPart(reading: Reading, dispatcher: Dispatcher, run: NumberRun, from: number, to: number): void {
  const rules = dispatcher.numbers[run.digitsBetween(from, to)];
  if (!rules || rules.length === 0 || goesOn(reading, run.groupEnd[to - 1] ?? 0)) return;
  const start = run.groupStart[from] ?? 0;
  const end = run.groupEnd[to - 1] ?? 0;
  // Joints of several kinds, dots, and pieces of a longer row, are only believed where that is how the number is written.
  const needsShape = !run.isUniform(from, to) || (to - from > 1 && run.separator[from + 1] === DOT);
  const needsContext = isAmongSpaces(run, from, to);
  for (const rule of rules) {
    const isShaped = rule.shape?.test(reading.text.slice(start, end)) ?? false;
    if (needsShape && !isShaped) continue;
    if (needsContext && !(isShaped || to - from === 1)) continue;
    tryRule(reading, rule, { start, end, digitsFrom: run.before[from] ?? 0, isShaped, needsContext });
  }
}

interface Part {
  start: number;
  end: number;
  digitsFrom: number;
  isShaped: boolean;
  needsContext: boolean;
}

function tryRule(reading: Reading, rule: Numbered<NumberRule>, part: Part): void {
  const { start, end, isShaped } = part;
  const near = nearest(reading, rule.contexts, start);
  if (near < 0 && (part.needsContext || !(rule.shaped || rule.alone || reading.end - reading.from < SHORT))) return;
  if (!rule.check(reading.run.digits, part.digitsFrom)) return;
  const confidence = near >= 0 ? inContext(reading, rule, near, part) : withoutContext(reading, rule, part);
  if (confidence === 0) return;
  const proof = near >= 0 ? BY_CHECK_AND_CONTEXT : isShaped ? BY_CHECK : BY_SHAPE;
  const why = near < 0 ? '' : contextName(near);
  reading.add({ type: rule.type, start, end, confidence, proof, detector: rule.detector, why });
}

/** A nearer word of another kind of number speaks against what is not written in the usual shape. */
function inContext(reading: Reading, rule: Numbered<NumberRule>, near: number, { start, isShaped }: Part): number {
  const distance = reading.distance(near, start);
  if (!isShaped && isOutspoken(reading, rule.contexts, start, distance)) return rule.alone ?? 0;
  return ((isShaped && rule.shapedInContext) || rule.inContext) - distance / 1000;
}

/** Ten digits that are seconds since 1970, of the years 2020 to 2030: `created` in the records of chats. */
function isMoment(reading: Reading, start: number, end: number): boolean {
  return end - start === 10 && /^1[678]/.test(reading.text.slice(start, start + 2));
}

function withoutContext(reading: Reading, rule: Numbered<NumberRule>, { start, end, isShaped }: Part): number {
  const known = (isShaped ? rule.shaped : 0) || rule.alone || 0;
  if (known < WHOLE && rule.isWeak !== true && reading.isWhole(start, end) && !isMoment(reading, start, end))
    return WHOLE;
  return known < SURE && isNegative(reading, start) ? 0 : known;
}

import { BY_CHECK, BY_CHECK_AND_CONTEXT, BY_CONTEXT, BY_SHAPE } from './candidate.ts';
import { DIGIT, isWordCode, KIND, LOWER, OTHER } from './characters.ts';
import { contextName } from './context.ts';
import type { CodeRule } from './dispatch.ts';
import { type Dispatcher, MAX_CODE, type Numbered } from './dispatcher.ts';
import { isNegative, nearest } from './nearest.ts';
import type { Reading } from './reading.ts';

/** A value that is all there is in a text was given as a value: less context is asked of it. */
const WHOLE = 0.5;
/** Above this a word such as `order` does not speak against a value. */
const SURE = 0.8;
const HYPHEN = 45;
const MAX_SHORT = 5;

/** Tries the rules for codes that begin at `start` and whose first part, with letters or without, ends at `stop`. */
export function lookAtCode(
  reading: Reading,
  dispatcher: Dispatcher,
  start: number,
  stop: number,
  hasLetter: boolean,
): void {
  if (isPiece(reading, start)) return;
  const length = stop - start;
  if (length > MAX_CODE) return;
  const isDigit = KIND[reading.code(start)] === DIGIT;
  if (isDigit && hasLetter && length <= MAX_SHORT) {
    for (const look of dispatcher.shortCodes) look(reading, start);
  }
  const rules = (isDigit ? dispatcher.digitCodes : dispatcher.codes)[length];
  if (!rules) return;
  for (const rule of rules) tryRule(reading, rule, start);
}

/** Behind a hyphen and a digit or small letter: a piece of an identifier, such as a UUID. */
export function isPiece(reading: Reading, start: number): boolean {
  if (reading.code(start - 1) !== HYPHEN) return false;
  const before = KIND[reading.code(start - 2)] ?? OTHER;
  return before === DIGIT || before === LOWER;
}

function isFollowed(reading: Reading, end: number): boolean {
  const next = reading.code(end);
  return isWordCode(next) || (next === HYPHEN && isWordCode(reading.code(end + 1)));
}

function tryRule(reading: Reading, rule: Numbered<CodeRule>, start: number): void {
  const near = nearest(reading, rule.contexts, start);
  const alone = rule.alone ?? 0;
  if (near < 0 && alone === 0 && !(rule.check && reading.end - reading.from < 48)) return;
  rule.pattern.lastIndex = start;
  const value = rule.pattern.exec(reading.text)?.[0];
  if (value === undefined) return;
  const end = start + (rule.length ? rule.length(value) : value.length);
  if (end === start || end > reading.end || isFollowed(reading, end) || (rule.check && !rule.check(value))) return;
  const isWhole = near < 0 && alone < WHOLE && reading.isWhole(start, end);
  const confidence = near >= 0 ? rule.inContext - reading.distance(near, start) / 1000 : isWhole ? WHOLE : alone;
  if (confidence === 0 || (near < 0 && confidence < SURE && isNegative(reading, start))) return;
  const isChecked = rule.check !== undefined || rule.length !== undefined;
  const checked = isChecked ? BY_CHECK : BY_SHAPE;
  const proof = near < 0 ? checked : isChecked ? BY_CHECK_AND_CONTEXT : BY_CONTEXT;
  const why = near < 0 ? '' : contextName(near);
  reading.add({ type: rule.type, start, end, confidence, proof, detector: rule.detector, why });
  if (rule.isSure) reading.taken = end;
}

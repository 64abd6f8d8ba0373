import { BY_CHECK, BY_CHECK_AND_CONTEXT, BY_SHAPE } from './candidate.ts';
import { isWordCode } from './characters.ts';
import { contextName } from './context.ts';
import type { NumberRule } from './dispatch.ts';
import type { Dispatcher, Numbered } from './dispatcher.ts';
import { nearest } from './look-at-code.ts';
import type { NumberRun } from './number-run.ts';
import type { Reading } from './reading.ts';

const WHOLE = 0.5;
const MAX_SPAN = 6;
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
  for (let from = 0; from < run.groups; from += 1) {
    const last = Math.min(run.groups, from + MAX_SPAN);
    for (let to = from + 1; to <= last; to += 1) {
      if (from === 0 && isCut) continue;
      if (!isJoinedOn(run, from, to)) tryPart(reading, dispatcher, run, from, to);
    }
  }
}

/** Whether the part is only a piece of something joined by the same character: `12-345` of `12-345-67`. */
function isJoinedOn(run: NumberRun, from: number, to: number): boolean {
  const before = from > 0 ? run.separator[from] : 0;
  const after = to < run.groups ? run.separator[to] : 0;
  const inner = to - from > 1 ? run.separator[from + 1] : 0;
  if (before === DOT || after === DOT || before === HYPHEN || after === HYPHEN) return true;
  return inner !== 0 && (before === inner || after === inner) && inner !== 32;
}

function tryPart(reading: Reading, dispatcher: Dispatcher, run: NumberRun, from: number, to: number): void {
  const rules = dispatcher.numbers[run.digitsBetween(from, to)];
  if (!rules || rules.length === 0) return;
  const start = run.groupStart[from] ?? 0;
  const end = run.groupEnd[to - 1] ?? 0;
  // Joints of several kinds are only believed where that is how the number is written.
  const isMixed = !run.isUniform(from, to);
  for (const rule of rules) {
    if (isMixed && !rule.shape?.test(reading.text.slice(start, end))) continue;
    tryRule(reading, rule, start, end, run.before[from] ?? 0);
  }
}

function tryRule(reading: Reading, rule: Numbered<NumberRule>, start: number, end: number, digitsFrom: number): void {
  const near = nearest(reading, rule.contexts, start);
  const isShort = reading.end - reading.from < 48;
  if (near < 0 && !rule.shaped && !rule.alone && !isShort) return;
  if (!rule.check(reading.run.digits, digitsFrom)) return;
  const isShaped = rule.shape?.test(reading.text.slice(start, end)) ?? false;
  const confidence =
    near >= 0
      ? rule.inContext - reading.distance(near, start) / 1000
      : withoutContext(reading, rule, isShaped, start, end);
  if (confidence === 0) return;
  const proof = near >= 0 ? BY_CHECK_AND_CONTEXT : isShaped ? BY_CHECK : BY_SHAPE;
  const why = near < 0 ? '' : contextName(near);
  reading.add({ type: rule.type, start, end, confidence, proof, detector: rule.detector, why });
}

function withoutContext(
  reading: Reading,
  rule: Numbered<NumberRule>,
  isShaped: boolean,
  start: number,
  end: number,
): number {
  const known = (isShaped ? rule.shaped : 0) || rule.alone || 0;
  return known < WHOLE && reading.isWhole(start, end) ? WHOLE : known;
}

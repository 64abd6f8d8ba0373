import { BY_CHECK } from './candidate.ts';
import { type Dispatcher, packed } from './dispatcher.ts';
import type { Reading } from './reading.ts';

const CERTAIN = 0.99;
const PLUS = 43;
const SLASH = 47;

/** Tries the tokens that are known by how they begin. */
export function lookAtPrefix(reading: Reading, dispatcher: Dispatcher, start: number): void {
  const rules = dispatcher.prefixes.get(packed(reading.codes, start));
  if (!rules) return;
  const { text } = reading;
  const before = reading.code(start - 1);
  for (const rule of rules) {
    // Inside base 64 anything can stand.
    if ((before === PLUS || before === SLASH) && /^[A-Za-z0-9]+$/.test(rule.prefix)) continue;
    if (!text.startsWith(rule.prefix, start)) continue;
    if (rule.isLong && !reading.mayBeToken(start)) continue;
    rule.pattern.lastIndex = start;
    const value = rule.pattern.exec(text)?.[0];
    if (value === undefined || start + value.length > reading.end) continue;
    if (rule.check && !rule.check(value)) continue;
    const end = start + value.length;
    const { type, detector } = rule;
    const confidence = rule.isSure?.(value) ? CERTAIN : rule.confidence;
    reading.add({ type, start, end, confidence, proof: BY_CHECK, detector, why: `the form of ${detector}` });
    reading.taken = end;
    return;
  }
}

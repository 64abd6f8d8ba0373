import { BY_CONTEXT } from './candidate.ts';
import type { FollowRule } from './dispatch.ts';
import type { Reading } from './reading.ts';

/** Tries the rules of a context at the end of its word: `password: …`, `passport no. …`. */
export function lookBehindWord(reading: Reading, rules: readonly FollowRule[], at: number): void {
  if (at < reading.taken) return;
  for (const rule of rules) {
    rule.pattern.lastIndex = at;
    const match = rule.pattern.exec(reading.text);
    const value = match?.[1];
    if (!match || value === undefined || value === '') continue;
    const start = rule.pattern.lastIndex - (match[0].length - match[0].lastIndexOf(value));
    found(reading, rule, start, value);
  }
}

/** Tries the rules of a key on its whole value. */
export function lookAtValue(reading: Reading, rules: readonly FollowRule[]): void {
  const value = reading.text.slice(reading.from, reading.end);
  for (const rule of rules) if (rule.whole?.test(value)) found(reading, rule, reading.from, value);
}

function found(reading: Reading, rule: FollowRule, start: number, value: string): void {
  const end = start + value.length;
  if (end > reading.end || (rule.check && !rule.check(value, reading, start))) return;
  const { type, detector, confidence, context } = rule;
  reading.add({ type, start, end, confidence, proof: BY_CONTEXT, detector, why: `behind a word of ${context}` });
}

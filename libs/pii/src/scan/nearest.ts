import { contextNumber } from './context.ts';
import type { Reading } from './reading.ts';

/** The context that was heard last before `at`, or -1. */
export function nearest(reading: Reading, contexts: readonly number[], at: number): number {
  let best = -1;
  for (const context of contexts) {
    if (reading.isNear(context, at) && (best < 0 || reading.distance(context, at) < reading.distance(best, at)))
      best = context;
  }
  return best;
}

const NEGATIVE = contextNumber('negative');
const NEGATIVE_REACH = 24;

/** A word such as `order` or `version` stands right before `at`. */
export function isNegative(reading: Reading, at: number): boolean {
  return reading.isNear(NEGATIVE, at, NEGATIVE_REACH);
}

/** Kinds of numbers that are written as plain digits, so that the last word said decides which it is. */
const COMPETING = (
  ['bank', 'license', 'passport', 'routing', 'insurance', 'mrn', 'imei', 'phone', 'negative', 'sortcode'] as const
).map(contextNumber);

/** Whether another kind of number was named nearer than `distance` before `at`. */
export function isOutspoken(reading: Reading, contexts: readonly number[], at: number, distance: number): boolean {
  return COMPETING.some((context) => !contexts.includes(context) && reading.isNear(context, at, distance - 1));
}

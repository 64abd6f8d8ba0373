import type { Detector } from '../scan/dispatch.ts';
import type { NumberRun } from '../scan/number-run.ts';
import { contextNumber } from '../scan/context.ts';
import type { Reading } from '../scan/reading.ts';

const CONTEXT = contextNumber('coordinates');
const PAIR =
  /[+-]?(\d{1,2}\.\d{4,15})°?\s{0,2}([NS])?\s?[,;/ ]\s{0,2}([+-]?\d{1,3}\.\d{4,15})°?(?:\s{0,2}([EWO])(?!\w))?(?!\d|\.\d|,\s?-?\d)/y;
const DEGREES =
  /\d{1,2}\s?°\s?\d{1,2}\s?['′’]\s?(?:\d{1,2}(?:\.\d{1,4})?\s?(?:"|″|''|”)\s?)?[NS][ ,;/]{1,3}\d{1,3}\s?°\s?\d{1,2}\s?['′’]\s?(?:\d{1,2}(?:\.\d{1,4})?\s?(?:"|″|''|”)\s?)?[EWO]/y;
const DOT = 46;
const DEGREE = 0xb0;

/** Two numbers of many places, in the range of latitude and longitude; or degrees, minutes and seconds. */
function lookAtRun(reading: Reading, run: NumberRun): void {
  const first = run.groupEnd[0] ?? 0;
  const next = reading.code(first);
  if (run.length(0) > 3) return;
  const isSigned = reading.code(run.start - 1) === 45;
  const start = isSigned ? run.start - 1 : run.start;
  if (next === DEGREE || reading.code(first + 1) === DEGREE) return tryPattern(reading, DEGREES, run.start, 0.95);
  if (next !== DOT || run.groups < 2 || run.length(1) < 4) return;
  const before = reading.code(start - 1);
  if (before === 44 || before === DOT || (before === 32 && reading.code(start - 2) === 44)) {
    if (!reading.isNear(CONTEXT, start, 8)) return;
  }
  tryPattern(reading, PAIR, start, reading.isNear(CONTEXT, start) ? 0.95 : 0.75);
}

/** Small numbers with many places are mostly no places: without a word of context they are not believed. */
function isSmall(latitude: string, longitude: string): boolean {
  return Math.abs(Number(latitude)) < 10 && Math.abs(Number(longitude)) < 10;
}

function tryPattern(reading: Reading, pattern: RegExp, start: number, confidence: number): void {
  pattern.lastIndex = start;
  const match = pattern.exec(reading.text);
  if (!match) return;
  const [value, latitude, , longitude] = match;
  if (latitude !== undefined && (Number(latitude) > 90 || Math.abs(Number(longitude)) > 180)) return;
  if (latitude !== undefined && confidence < 0.9 && isSmall(latitude, longitude ?? '')) return;
  const end = start + value.length;
  if (end > reading.end) return;
  reading.add({
    type: 'COORDINATES',
    start,
    end,
    confidence,
    proof: 3,
    detector: 'coordinates',
    why: 'a pair in range',
  });
}

const NUMBER = '[+-]?\\d{1,3}\\.\\d{3,15}';

export const coordinates: Detector = {
  name: 'coordinates',
  types: ['COORDINATES'],
  run: lookAtRun,
  follows: [
    {
      type: 'COORDINATES',
      detector: 'coordinates-by-key',
      context: 'coordinates',
      pattern: new RegExp(`["']?\\s{0,2}[:=]\\s{0,2}["']?(${NUMBER})(?!\\d|\\.\\d)`, 'y'),
      confidence: 0.7,
      whole: new RegExp(`^${NUMBER}$`),
    },
  ],
};

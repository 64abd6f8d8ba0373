import { isWordCode } from '../scan/characters.ts';
import type { Detector } from '../scan/dispatch.ts';
import { isPiece } from '../scan/look-at-code.ts';
import type { NumberRun } from '../scan/number-run.ts';
import type { Reading } from '../scan/reading.ts';
import { isCapitalCode, wordStart } from '../scan/word-start.ts';
import { DATE, isDate, MONTHS } from './dates.ts';

const CLOCK = '(?:[01]?\\d|2[0-3])[:h][0-5]\\d(?::[0-5]\\d(?:[.,]\\d{1,9})?)?(?:\\s?[AaPp]\\.?[Mm]\\b\\.?)?';
const ZONE = '(?:\\s?(?:Z|UTC|GMT|[A-Z]{3,4}T)\\b|\\s?[+-]\\d{2}:?\\d{2})?';
const AT = '(?:T|,?\\s(?:at |um |à |a las |alle )?)';
const DAY = new RegExp(`(?:${DATE})(?:${AT}${CLOCK}${ZONE})?(?![\\d/-])`, 'iuy');
const TIME = new RegExp(`(?:${CLOCK}|(?:1[0-2]|[1-9])\\s?[AaPp]\\.?[Mm]\\b)${ZONE}(?![\\d:])`, 'uy');
const IN_MONTH = new RegExp(
  `(?:[12]\\d|3[01]|0?[1-9])\\.?(?:st|nd|rd|th|er|º|°)?\\s(?:of |de )?${MONTHS}(?![\\p{L}])`,
  'iuy',
);
const YEAR =
  /(?:19|20)\d{2}s?(?!\d|[.,:/-]\d|\s?(?:%|[a-z]{1,3}\b(?<!(?:in|by|at|to|is|and|was|as|he|she|it|the|a|an|or|on))))/y;
const YEAR_BEFORE =
  /\b(?:in|since|year|until|till|of|from|before|after|by|around|during|circa|a|summer|winter|spring|autumn|fall|seit|im Jahr|jahr|en|depuis|desde|nel|dal|em|since)\s$/i;
const MONTH_FIRST = new RegExp(
  `\\.?\\s(?:(?:[12]\\d|3[01]|0?[1-9])(?:st|nd|rd|th)?(?:,?\\s(?:1[89]|20)\\d{2})?|(?:of |de )?(?:1[89]|20)\\d{2})(?:,?\\s(?:at )?${CLOCK}${ZONE})?(?![\\d.:/-]*\\d)`,
  'uy',
);

function lookAtRun(reading: Reading, run: NumberRun): void {
  const { start } = run;
  const before = reading.code(start - 1);
  if (before === 46 || before === 47 || before === 45 || before === 58) {
    if (run.length(0) <= 2 && !isPiece(reading, start)) lookAtShortCode(reading, start);
    return;
  }
  const day = match(DAY, reading, start);
  if (day !== null && isDate(day)) return add(reading, start, start + day.length, 0.9);
  const time = match(TIME, reading, start);
  if (time !== null) return add(reading, start, start + time.length, 0.85);
  const inMonth = match(IN_MONTH, reading, start);
  if (inMonth !== null) return add(reading, start, start + inMonth.length, 0.8);
  const year = match(YEAR, reading, start);
  const isSaid = year !== null && YEAR_BEFORE.test(reading.text.slice(Math.max(reading.from, start - 12), start));
  if (isSaid) add(reading, start, start + year.length, 0.6);
}

/** `5pm` is a word of its own. */
function lookAtShortCode(reading: Reading, start: number): void {
  const time = match(TIME, reading, start);
  if (time !== null) add(reading, start, start + time.length, 0.8);
}

/** `March 5, 2020`, `May 2021`. */
function lookAtMonth(reading: Reading, end: number): void {
  const start = wordStart(reading, end);
  const rest = match(MONTH_FIRST, reading, end);
  if (rest !== null && isCapitalCode(reading.code(start))) add(reading, start, end + rest.length, 0.85);
}

function lookAtWeekday(reading: Reading, end: number): void {
  const start = wordStart(reading, end);
  if (isCapitalCode(reading.code(start)) && !isWordCode(reading.code(end))) add(reading, start, end, 0.7);
}

function match(pattern: RegExp, reading: Reading, at: number): string | null {
  pattern.lastIndex = at;
  const value = pattern.exec(reading.text)?.[0];
  return value === undefined || at + value.length > reading.end ? null : value;
}

function add(reading: Reading, start: number, end: number, confidence: number): void {
  reading.add({ type: 'DATE_TIME', start, end, confidence, proof: 1, detector: 'date-time', why: 'a date or time' });
}

export const dateTime: Detector = {
  name: 'date-time',
  types: ['DATE_TIME'],
  run: lookAtRun,
  shortCode: lookAtShortCode,
  words: { month: lookAtMonth, weekday: lookAtWeekday },
};

import { isWordCode } from '../scan/characters.ts';
import { contextNumber } from '../scan/context.ts';
import type { Detector } from '../scan/dispatch.ts';
import type { NumberRun } from '../scan/number-run.ts';
import type { Reading } from '../scan/reading.ts';
import { inside, TRIED, insideAny, international } from './phone-plan.ts';

const PHONE = contextNumber('phone');
const NEGATIVE = contextNumber('negative');
const REACH = 48;
const PLUS = 43;
const OPEN = 40;
const HYPHEN = 45;
const DOT = 46;
const SLASH = 47;
const MIN_DIGITS = 7;
const EXTENSION = /\s?(?:x|ext\.?|extension|poste|Durchwahl)\s?\d{1,6}\b/iy;
/** North America, five pairs in France, and a leading 0 with an area: these are telephone numbers wherever they stand. */
const NORTH_AMERICAN = /^(?:1[ .-])?(?:\([2-9]\d{2}\) ?[2-9]\d{2}[.-]|[2-9]\d{2}([.-])[2-9]\d{2}\1)\d{4}$/;
const FRENCH = /^0[1-9](?:([ .-])\d{2})(?:\1\d{2}){3}$/;
const WITH_AREA = /^\(?0\d{1,4}\)?[ /-]{1,3}\d{2,8}(?:[ -]\d{2,6}){0,3}$/;
const EMOJI = /[\u260e\u2706]|\ud83d[\udcde\udcf1\udcf2\udce0]/;
const FIRST_EMOJI = 0x2600;
const DATE =
  /^(?:\d{4}([-./])(?:0?[1-9]|1[0-2])\1\d{1,2}|(?:[0-2]?\d|3[01])([-./])(?:[0-2]?\d|3[01])\2(?:(?:19|20)\d{2}|\d{2}))(?![-./]?\d)/;
const YEARS = /^(?:19|20)\d{2}[ -](?:19|20)\d{2}$/;
/** `flags & 16777216`: a number that something is done with. */
const OPERATOR = /[&|*%^]=? $/;
const ZIP = /^\d{5}-\d{4}$/;
const SSN = /^\d{3}-\d{2}-\d{4}$/;

interface Span {
  start: number;
  end: number;
  digits: string;
  text: string;
  groups: number;
}

function lookAtRun(reading: Reading, run: NumberRun): void {
  if (run.digitsBetween(0, run.groups) < MIN_DIGITS) return;
  const before = reading.code(run.start - 1);
  const isPlus = before === PLUS && !isWordCode(reading.code(run.start - 2));
  const isBordered = before === 0 || before <= 32 || isPlus || `("'[<>:;,=/|#*.`.includes(String.fromCharCode(before));
  if (!isBordered && before < 0x80) return;
  if (isPlus || startsAbroad(run)) abroad(reading, run, isPlus);
  else athome(reading, run);
}

function startsAbroad(run: NumberRun): boolean {
  return run.digits[0] === 0 && run.digits[1] === 0 && run.digitsBetween(0, run.groups) > 10;
}

/** With + or 00 and a calling code. The longest that is a number of its country, or what looks like one. */
function abroad(reading: Reading, run: NumberRun, isPlus: boolean): void {
  for (let to = run.groups; to > 0; to -= 1) {
    const span = spanOf(reading, run, to);
    const digits = isPlus ? span.digits : span.digits.slice(2);
    if (digits.length < 7 || digits.length > 15 || !international(digits)) continue;
    found(reading, span, 0.95, 'a number of its country');
    return;
  }
  const span = spanOf(reading, run, run.groups);
  const isNear = isInContext(reading, span.start);
  if (isPlus && span.digits.length >= 8 && span.digits.length <= 15 && (isNear || span.groups > 2))
    found(reading, span, isNear ? 0.75 : 0.55, 'the form of a number from abroad');
}

function athome(reading: Reading, run: NumberRun): void {
  const isNear = isInContext(reading, run.start);
  for (let to = run.groups; to > 0; to -= 1) {
    const count = run.digitsBetween(0, to);
    if (count < MIN_DIGITS) return;
    if (count > 13 || !(isNear || reading.region !== '' || mayTell(run, count))) continue;
    const span = spanOf(reading, run, to);
    if (isDated(span, run) || (to === 3 && SSN.test(span.text))) continue;
    if (reading.code(span.end) === HYPHEN && isWordCode(reading.code(span.end + 1))) continue;
    const isFar = !reading.isNear(PHONE, span.start, 24);
    if (isFar && to === 2 && ZIP.test(span.text)) continue;
    const confidence = isNear ? inContext(span) : isNegative(reading, span) ? 0 : byShape(span, reading.region);
    if (confidence === 0 || isAmongOthers(reading, span)) continue;
    found(reading, span, confidence, isNear ? 'behind a word of phone' : 'the form of a number');
    return;
  }
}

/** Only numbers of North America, and those with an area behind a 0, are known by their form. */
function mayTell({ digits }: NumberRun, count: number): boolean {
  return count === 10 || count === 11 || (digits[0] === 0 && count >= 9 && count <= 12);
}

function isDated({ text, groups }: Span, { separator }: NumberRun): boolean {
  const joint = separator[1] ?? 0;
  const mayBeDate = groups > 2 && (joint === HYPHEN || joint === DOT || joint === SLASH);
  return (mayBeDate && DATE.test(text)) || (groups === 2 && YEARS.test(text));
}

/** Pairs of hexadecimal digits, as bytes are dumped; or a term of a program. */
function isAmongOthers(reading: Reading, span: Span): boolean {
  const before = reading.text.slice(Math.max(0, span.start - 8), span.start);
  return (span.groups === 1 && OPERATOR.test(before)) || /(?:(?:^|[\s"])[0-9a-f]{2}|Buffer) $/.test(before);
}

function inContext(span: Span): number {
  if (insideAny(TRIED, span.digits)) return 0.88;
  const isWritten = /^[\d() .-]+$/.test(span.text) && (span.groups > 2 || /^\d{3}[ -]\d{4}$/.test(span.text));
  return isWritten && span.groups < 7 && span.digits.length <= 12 && !ZIP.test(span.text) ? 0.7 : 0;
}

function byShape(span: Span, region: string): number {
  if (region !== '' && span.groups > 1 && span.digits.length > 7 && inside(region, span.digits)) return 0.7;
  const { length } = span.digits;
  if ((length === 10 || length === 11) && NORTH_AMERICAN.test(span.text)) return 0.75;
  if (!span.digits.startsWith('0') || (span.groups === 3 && /-\d{1,2}$/.test(span.text))) return 0;
  if (length === 10 && FRENCH.test(span.text)) return 0.7;
  if (length < 9 || length > 12 || !WITH_AREA.test(span.text)) return 0;
  return insideAny(EUROPE, span.digits) ? 0.6 : 0;
}

const EUROPE = ['GB', 'DE', 'FR', 'NL', 'BE', 'CH', 'AT', 'AU', 'SE', 'IE', 'IT', 'JP'];

function isInContext(reading: Reading, start: number): boolean {
  if (reading.isNear(PHONE, start, REACH)) {
    return !(
      reading.isNear(NEGATIVE, start, REACH) && reading.distance(NEGATIVE, start) < reading.distance(PHONE, start)
    );
  }
  for (let at = start - 1; at > start - 7; at -= 1)
    if (reading.code(at) >= FIRST_EMOJI) return isBehindEmoji(reading, start);
  return false;
}

function isBehindEmoji({ text, from }: Reading, start: number): boolean {
  return EMOJI.test(text.slice(Math.max(from, start - 6), start));
}

function isNegative(reading: Reading, span: Span): boolean {
  return reading.isNear(NEGATIVE, span.start, 24);
}

/** The first `to` groups with the brackets and the + that belong to them. */
function spanOf(reading: Reading, run: NumberRun, to: number): Span {
  let start = run.start;
  const end = run.groupEnd[to - 1] ?? run.end;
  const isOpen = reading.code(start - 1) === OPEN && reading.text.slice(start, end).includes(')');
  if (isOpen) start -= 1;
  if (reading.code(start - 1) === PLUS) start -= 1;
  let digits = '';
  for (let group = 0; group < to; group += 1) {
    digits += reading.text.slice(run.groupStart[group] ?? 0, run.groupEnd[group] ?? 0);
  }
  return { start, end, digits, text: reading.text.slice(start, end), groups: to };
}

function found(reading: Reading, span: Span, confidence: number, why: string): void {
  EXTENSION.lastIndex = span.end;
  const extension = EXTENSION.exec(reading.text)?.[0] ?? '';
  const end = Math.min(reading.end, span.end + extension.length);
  const proof = confidence >= 0.85 ? 3 : 2;
  reading.add({ type: 'PHONE_NUMBER', start: span.start, end, confidence, proof, detector: 'phone-number', why });
}

export const phoneNumber: Detector = { name: 'phone-number', types: ['PHONE_NUMBER'], run: lookAtRun };

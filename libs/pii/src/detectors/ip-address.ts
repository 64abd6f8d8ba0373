import { isIPv6 } from 'node:net';
import { isWordCode } from '../scan/characters.ts';
import type { Detector } from '../scan/dispatch.ts';
import type { NumberRun } from '../scan/number-run.ts';
import type { Reading } from '../scan/reading.ts';
import { contextNumber } from '../scan/context.ts';

const DOT = 46;
const PLUS = 43;
const OPEN = 40;
const IP = contextNumber('ip');
const NEGATIVE = contextNumber('negative');
const VERSION =
  /(?:version|release|build|update|v|ver|rev|section|chapter|clause|para|paragraph|§|kapitel|abschnitt)\.?[ :=]{0,3}$/i;

/** Four numbers up to 255, joined by dots. Versions and paragraphs look the same: their numbers are mostly small. */
function lookAtRun(reading: Reading, run: NumberRun): void {
  if (run.groups < 4) return;
  for (let from = 0; from + 4 <= run.groups; from += 1) {
    if (!isQuad(run, from)) continue;
    const start = run.groupStart[from] ?? 0;
    const end = run.groupEnd[from + 3] ?? 0;
    const before = reading.code(start - 1);
    if (from > 0 && run.separator[from] === DOT) continue;
    if (isWordCode(before) || before === DOT || before === 45) continue;
    const confidence = trust(reading, run, from, start);
    if (confidence > 0) {
      const all = end + networkLength(reading, end);
      reading.add({ type: 'IP_ADDRESS', start, end: all, confidence, proof: 3, detector: 'ip-v4', why: 'four octets' });
      // Nothing else is written like this, but for telephone numbers behind a plus or in brackets.
      if (confidence >= 0.9 && run.groups === 4 && before !== PLUS && before !== OPEN) reading.taken = all;
    }
    from += 3;
  }
}

function isQuad(run: NumberRun, from: number): boolean {
  for (let group = from; group < from + 4; group += 1) {
    if (group > from && run.separator[group] !== DOT) return false;
    if (octet(run, group) > 255) return false;
  }
  return true;
}

function octet(run: NumberRun, group: number): number {
  const length = run.length(group);
  const at = run.before[group] ?? 0;
  if (length > 3 || (length > 1 && run.digits[at] === 0)) return 999;
  let number = 0;
  for (let i = 0; i < length; i += 1) number = number * 10 + (run.digits[at + i] ?? 0);
  return number;
}

function trust(reading: Reading, run: NumberRun, from: number, start: number): number {
  const first = octet(run, from);
  if (VERSION.test(reading.text.slice(Math.max(reading.from, start - 14), start))) return 0;
  if (reading.isNear(IP, start)) return 0.95;
  let small = 0;
  for (let group = from; group < from + 4; group += 1) if (octet(run, group) < 30) small += 1;
  if (small === 4 && !(first === 10 || first === 127 || first === 0)) return reading.isNear(NEGATIVE, start) ? 0 : 0.3;
  if (small === 4 && first === 10) return 0.4;
  return 0.9;
}

const COLON = 58;
/** IPv4 in the last 32 bits. */
const MIXED = /[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){1,6}:\d{1,3}(?:\.\d{1,3}){3}(?![\d.]*\d)/y;
const NETWORK = /\/\d{1,3}(?![\d/.])/y;
const GROUPS = /[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,8}/y;

/** How long the `/24` behind an address is. */
function networkLength(reading: Reading, end: number): number {
  NETWORK.lastIndex = end;
  const length = NETWORK.exec(reading.text)?.[0].length ?? 0;
  return end + length > reading.end ? 0 : length;
}

function isHexCode(code: number): boolean {
  return (code >= 48 && code < 58) || (code >= 65 && code < 71) || (code >= 97 && code < 103);
}

/** From the first colon of an IPv6 address. Mixed notation and `::` too; clock times are not enough of an address. */
function lookAroundColon(reading: Reading, at: number): number {
  const { text } = reading;
  const next = reading.code(at + 1);
  if (next !== COLON && !isHexCode(next)) return at;
  let start = at;
  while (start > reading.from && at - start < 5 && isHexCode(text.charCodeAt(start - 1))) start -= 1;
  if (at - start > 4 || isWordCode(reading.code(start - 1)) || reading.code(start - 1) === COLON) return at;
  MIXED.lastIndex = GROUPS.lastIndex = start;
  let value = (MIXED.exec(text) ?? GROUPS.exec(text))?.[0];
  if (value === undefined || start + value.length > reading.end) return at;
  if (!isIPv6(value) && value.endsWith(':')) value = value.slice(0, -1);
  if (!isIPv6(value)) value = value.slice(0, value.lastIndexOf(':'));
  const end = start + value.length;
  if (!isIPv6(value) || isWordCode(reading.code(end))) return at;
  if (reading.code(end) === DOT && isWordCode(reading.code(end + 1)) && /\d$/.test(value)) return at;
  const isPlain = value === '::' || (value.startsWith('::') && value.length < 7 && /[g-z]/i.test(text.charAt(end + 1)));
  if (isPlain && reading.code(end) !== 47) return at;
  if (value.length < 4 && !reading.isNear(IP, start) && !reading.isWhole(start, end) && reading.code(end) !== 47)
    return end;
  const all = end + networkLength(reading, end);
  reading.add({
    type: 'IP_ADDRESS',
    start,
    end: all,
    confidence: 0.95,
    proof: 3,
    detector: 'ip-v6',
    why: 'an IPv6 address',
  });
  reading.taken = all;
  return all;
}

export const ipAddress: Detector = {
  name: 'ip-address',
  types: ['IP_ADDRESS'],
  run: lookAtRun,
  looks: { ':': lookAroundColon },
};

import { isWordCode } from '../scan/characters.ts';
import { FILLER } from './filler.ts';
import type { Detector } from '../scan/dispatch.ts';
import type { NumberRun } from '../scan/number-run.ts';
import type { Reading } from '../scan/reading.ts';

const MAC =
  /[0-9A-Fa-f]{2}([:-])[0-9A-Fa-f]{2}(?:\1[0-9A-Fa-f]{2}){4}(?![0-9A-Za-z]|[:-][0-9A-Fa-f]{2}(?![0-9A-Za-z]))/y;

const HYPHEN = 45;

/** Six pairs of hexadecimal digits, seen from the first of the characters that join them. */
function lookAround(reading: Reading, at: number): number {
  const start = at - 2;
  const before = reading.code(start - 1);
  if (start < reading.from || isWordCode(before) || before === 58 || before === 45) return at;
  MAC.lastIndex = start;
  const value = MAC.exec(reading.text)?.[0];
  if (value === undefined || start + value.length > reading.end || /^[0:-]+$/.test(value)) return at;
  const end = start + value.length;
  reading.add({ type: 'MAC_ADDRESS', start, end, confidence: 0.97, proof: 3, detector: 'mac', why: 'six pairs' });
  reading.taken = end;
  return end;
}

/** Where the pairs begin with digits only, a run of digits has them. */
function lookAtRun(reading: Reading, run: NumberRun): void {
  if (run.length(0) === 2 && run.groups > 1 && run.separator[1] === HYPHEN) lookAround(reading, run.start + 2);
}

export const macAddress: Detector = {
  name: 'mac-address',
  types: ['MAC_ADDRESS'],
  run: lookAtRun,
  looks: { ':': lookAround, '-': lookAround },
  follows: [
    {
      type: 'MAC_ADDRESS',
      detector: 'mac-by-context',
      context: 'mac',
      pattern: new RegExp(
        `(?:[ ]address)?${FILLER}([0-9a-f]{4}\\.[0-9a-f]{4}\\.[0-9a-f]{4}|[0-9a-f]{12})(?![\\w.])`,
        'iy',
      ),
      check: (value) => value.includes('.') || /\d/.test(value),
      confidence: 0.85,
    },
  ],
  codes: [
    {
      type: 'MAC_ADDRESS',
      detector: 'mac-dotted',
      pattern: /[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}(?![.\w])/y,
      firstLengths: [4],
      check: (value) => /[a-f]/i.test(value) || value.length === 14,
      context: ['mac'],
      alone: 0.9,
      inContext: 0.95,
    },
  ],
};

import { type Digits, at, isDull, isLuhn, spelled, weighted } from '../checks/digit-sums.ts';
import type { Detector } from '../scan/dispatch.ts';

/** Areas 000, 666 and 900 up, group 00 and serial 0000 are never given out (Social Security Administration). */
function isSsn(digits: Digits, from: number): boolean {
  const area = spelled(digits, from, 3);
  if (area === 0 || area === 666 || area >= 900) return false;
  if (spelled(digits, from + 3, 2) === 0 || spelled(digits, from + 5, 4) === 0) return false;
  return !isDull(digits, from, 9);
}

/** Begins with 9; the fourth and fifth digit lie in the ranges of the Internal Revenue Service. */
function isItin(digits: Digits, from: number): boolean {
  const group = spelled(digits, from + 3, 2);
  const isInRange = (group >= 50 && group <= 65) || (group >= 70 && group <= 88) || (group >= 90 && group !== 93);
  return at(digits, from) === 9 && isInRange && spelled(digits, from + 5, 4) > 0;
}

function isRouting(digits: Digits, from: number): boolean {
  const district = spelled(digits, from, 2);
  const isDistrict = (district >= 1 && district <= 12) || (district >= 21 && district <= 32);
  return isDistrict && weighted(digits, from, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 === 0 && !isDull(digits, from, 9);
}

const NPI_PREFIX = [8, 0, 8, 4, 0];

function isNpi(digits: Digits, from: number): boolean {
  const first = at(digits, from);
  const all = [...NPI_PREFIX, ...Array.from({ length: 10 }, (_, i) => at(digits, from + i))];
  return (first === 1 || first === 2) && isLuhn(all, 0, 15) && !isDull(digits, from, 10);
}

const SSN_SHAPE = /^\d{3}-\d{2}-\d{4}$|^\d{3} \d{2} \d{4}$|^\d{3}\.\d{2}\.\d{4}$/;

export const usNumbers: Detector = {
  name: 'us-numbers',
  types: ['US_SSN', 'US_ITIN', 'US_ABA_ROUTING', 'US_NPI', 'US_EIN'],
  numbers: [
    {
      type: 'US_SSN',
      detector: 'us-ssn',
      counts: [9],
      check: isSsn,
      context: ['ssn'],
      shape: SSN_SHAPE,
      shaped: 0.7,
      inContext: 0.97,
      isWeak: true,
    },
    {
      type: 'US_SSN',
      detector: 'us-ssn-never-issued',
      counts: [9],
      // People write such numbers when they have to write one: they are told apart by the word before them.
      check: (digits, from) => spelled(digits, from, 9) % 111_111_111 !== 0,
      context: ['ssn'],
      shape: SSN_SHAPE,
      inContext: 0.7,
      isWeak: true,
    },
    {
      type: 'US_ITIN',
      detector: 'us-itin',
      counts: [9],
      check: isItin,
      context: ['itin', 'ssn'],
      shape: SSN_SHAPE,
      shaped: 0.75,
      inContext: 0.96,
    },
    {
      type: 'US_ABA_ROUTING',
      detector: 'us-routing',
      counts: [9],
      check: isRouting,
      context: ['routing'],
      inContext: 0.96,
    },
    { type: 'US_NPI', detector: 'us-npi', counts: [10], check: isNpi, context: ['npi'], inContext: 0.95 },
    {
      type: 'US_EIN',
      detector: 'us-ein',
      counts: [9],
      check: (digits, from) => at(digits, from) + at(digits, from + 1) > 0,
      context: ['ein'],
      shape: /^\d{2}-\d{7}$/,
      inContext: 0.8,
      shapedInContext: 0.97,
      isWeak: true,
    },
  ],
};

import { digitsOf, weighted } from '../checks/digit-sums.ts';
import type { Detector } from '../scan/dispatch.ts';
import { FILLER } from './filler.ts';

/** DEA: first, third and fifth digit once, the others twice; the last digit of the sum is the seventh. */
function isDea(value: string): boolean {
  return weighted(digitsOf(value.slice(2)), 0, [1, 2, 1, 2, 1, 2]) % 10 === Number(value.charAt(8));
}

/** The German health insurance number: its letter as two digits, weights 1 and 2. */
function isKvnr(value: string): boolean {
  const letter = value.toUpperCase().charCodeAt(0) - 64;
  const digits = [...digitsOf(String(letter).padStart(2, '0')), ...digitsOf(value.slice(1))];
  let sum = 0;
  for (let i = 0; i < 10; i += 1) {
    const product = (digits[i] ?? 0) * (1 + (i % 2));
    sum += Math.floor(product / 10) + (product % 10);
  }
  return sum % 10 === digits[10];
}

const MBI =
  /[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d(-?)[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d\1[AC-HJKMNP-RT-Y]{2}\d{2}/y;

export const health: Detector = {
  name: 'health',
  types: ['US_MBI', 'MEDICAL_LICENSE', 'HEALTH_INSURANCE', 'MRN'],
  codes: [
    {
      type: 'US_MBI',
      detector: 'us-mbi',
      pattern: MBI,
      firstLengths: [4, 11],
      context: ['mbi'],
      alone: 0.9,
      inContext: 0.97,
    },
    {
      type: 'MEDICAL_LICENSE',
      detector: 'us-dea',
      pattern: /[ABCDEFGHJKLMPRSTUXabcdefghjklmprstux][A-Za-z9]\d{7}/y,
      firstLengths: [9],
      check: isDea,
      context: ['dea'],
      alone: 0.6,
      inContext: 0.95,
    },
    {
      type: 'HEALTH_INSURANCE',
      detector: 'de-kvnr',
      pattern: /[A-Za-z]\d{9}/y,
      firstLengths: [10],
      check: isKvnr,
      context: ['insurance'],
      inContext: 0.95,
    },
  ],
  follows: [
    {
      type: 'HEALTH_INSURANCE',
      detector: 'insurance-number',
      context: 'insurance',
      pattern: new RegExp(
        `(?:[ _](?:id|number|no|policy|card|account|member|plan))?${FILLER}((?=[A-Z0-9-]{0,14}\\d{3})[A-Z0-9][A-Z0-9-]{6,15})(?![\\w-])`,
        'iy',
      ),
      check: (value) => /\d/.test(value) && !/^\d{4}-\d\d-\d\d$/.test(value) && !/^[a-z]+$/i.test(value),
      confidence: 0.75,
      whole: /^(?=.*\d{3})[A-Z0-9][A-Z0-9-]{6,15}$/i,
    },
    {
      type: 'MRN',
      detector: 'mrn',
      context: 'mrn',
      pattern: new RegExp(`${FILLER}((?:MRN-?)?(?=[A-Z0-9-]*\\d{4})[A-Z0-9][A-Z0-9-]{4,13})(?![\\w-])`, 'iy'),
      check: (value) => !/^\d{4}-\d\d-\d\d$/.test(value),
      confidence: 0.8,
      whole: /^[A-Z0-9-]{5,16}$/i,
    },
  ],
};

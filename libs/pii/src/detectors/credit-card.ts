import { type Digits, isDull, isLuhn, spelled } from '../checks/digit-sums.ts';
import type { Detector, NumberRule } from '../scan/dispatch.ts';

/** First six digits from and to, and the lengths in use. Issuers as published by the networks. */
const ISSUERS: readonly (readonly [from: number, to: number, ...lengths: number[]])[] = [
  [400_000, 499_999, 16, 13, 19],
  [510_000, 559_999, 16],
  [222_100, 272_099, 16],
  [340_000, 349_999, 15],
  [370_000, 379_999, 15],
  [300_000, 305_999, 14],
  [309_500, 309_599, 14],
  [360_000, 369_999, 14],
  [380_000, 399_999, 14, 16],
  [601_100, 601_199, 16, 19],
  [622_126, 622_925, 16, 17, 18, 19],
  [644_000, 659_999, 16, 19],
  [352_800, 358_999, 16, 19],
  [620_000, 629_999, 16, 17, 18, 19],
];
/** Maestro and older ranges: many numbers of other kinds begin so, and a word of context is asked for. */
const RARE: readonly (readonly [from: number, to: number, ...lengths: number[]])[] = [
  [500_000, 509_999, 12, 13, 14, 15, 16, 17, 18, 19],
  [560_000, 589_999, 12, 13, 14, 15, 16, 17, 18, 19],
  [630_000, 639_999, 12, 13, 14, 15, 16, 17, 18, 19],
  [670_000, 679_999, 12, 13, 14, 15, 16, 17, 18, 19],
  [350_000, 359_999, 15, 16],
  [60_400, 60_499, 12, 16],
  [213_100, 213_199, 15],
  [180_000, 180_099, 15],
  [220_000, 220_499, 16],
  [979_200, 979_299, 16],
];

function isIssued(ranges: typeof ISSUERS, digits: Digits, at: number, count: number): boolean {
  const first = spelled(digits, at, 6);
  return ranges.some(([from, to, ...lengths]) => first >= from && first <= to && lengths.includes(count));
}

function rulesFor(count: number): NumberRule[] {
  const rule = { type: 'CREDIT_CARD', detector: 'credit-card', counts: [count], context: ['card'] as const };
  const isCard = (ranges: typeof ISSUERS) => (digits: Digits, at: number) =>
    isIssued(ranges, digits, at, count) && isLuhn(digits, at, count) && !isDull(digits, at, count);
  const shape = /^(?:\d{4}(?:[ -]\d{4}){2,3}[ -]\d{1,4}|\d{4}[ -]\d{6}[ -]\d{4,5}|\d{15,})$/;
  // Bare numbers of 13 and 14 digits are mostly something else: article numbers, moments in time.
  const shaped = 0.9;
  return [
    { ...rule, check: isCard(ISSUERS), shape, shaped, inContext: 0.99 },
    { ...rule, check: isCard(RARE), inContext: 0.9 },
  ];
}

export const creditCard: Detector = {
  name: 'credit-card',
  types: ['CREDIT_CARD'],
  numbers: [12, 13, 14, 15, 16, 17, 18, 19].flatMap(rulesFor),
};

import { type Digits, at, isDull, isLuhn, isMonthDay, modulo, spelled, weighted } from '../checks/digit-sums.ts';
import { isMod11And10 } from '../checks/iso7064.ts';
import type { Context } from '../scan/context.ts';
import type { Detector, NumberRule } from '../scan/dispatch.ts';

type Check = (digits: Digits, from: number) => boolean;

function rule(
  type: string,
  counts: number[],
  check: Check,
  context: readonly Context[],
  more: Partial<NumberRule> = {},
): NumberRule {
  const detector = type.toLowerCase().replaceAll('_', '-');
  return { type, detector, counts, context: [...context, 'nationalid'], inContext: 0.95, check, ...more };
}

/** Ten digits use nine different ones at least, none more than three times; mod 11,10 over all. */
function isSteuerId(d: Digits, from: number): boolean {
  if (at(d, from) === 0) return false;
  const counts = new Array<number>(10).fill(0);
  for (let i = 0; i < 10; i += 1) counts[at(d, from + i)] = (counts[at(d, from + i)] ?? 0) + 1;
  const most = Math.max(...counts);
  return most <= 3 && isMod11And10(d, from, 11);
}

function isPesel(d: Digits, from: number): boolean {
  const month = spelled(d, from + 2, 2) % 20;
  if (month < 1 || month > 12 || spelled(d, from + 4, 2) < 1 || spelled(d, from + 4, 2) > 31) return false;
  return weighted(d, from, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0;
}

function isBsn(d: Digits, from: number): boolean {
  return (
    weighted(d, from, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0 && !isDull(d, from, 9) && spelled(d, from, 9) > 9_999_999
  );
}

function isNifPt(d: Digits, from: number): boolean {
  const rest = weighted(d, from, [9, 8, 7, 6, 5, 4, 3, 2]) % 11;
  return (rest < 2 ? 0 : 11 - rest) === at(d, from + 8) && at(d, from) !== 0 && !isDull(d, from, 9);
}

function isNrn(d: Digits, from: number): boolean {
  const month = spelled(d, from + 2, 2) % 20;
  if (month > 12 || spelled(d, from + 4, 2) > 31) return false;
  const check = spelled(d, from + 9, 2);
  const body = spelled(d, from, 9);
  return 97 - (body % 97) === check || 97 - ((2_000_000_000 + body) % 97) === check;
}

function isSwedish(d: Digits, from: number): boolean {
  const day = spelled(d, from + 4, 2);
  const isDate =
    day > 60 ? isMonthDay([...twoOf(d, from + 2), ...split(day - 60)], 0, 2) : isMonthDay(d, from + 2, from + 4);
  return isDate && isLuhn(d, from, 10);
}

function twoOf(d: Digits, from: number): number[] {
  return [at(d, from), at(d, from + 1)];
}

function split(number: number): number[] {
  return [Math.floor(number / 10), number % 10];
}

function isSwedishLong(d: Digits, from: number): boolean {
  const century = spelled(d, from, 2);
  return century >= 18 && century <= 20 && isSwedish(d, from + 2);
}

function isFnr(d: Digits, from: number): boolean {
  const day = spelled(d, from, 2) % 40;
  const month = spelled(d, from + 2, 2) % 40;
  if (day < 1 || day > 31 || month < 1 || month > 12) return false;
  const first = (11 - (weighted(d, from, [3, 7, 6, 1, 8, 9, 4, 5, 2]) % 11)) % 11;
  const second = (11 - (weighted(d, from, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11;
  return first === at(d, from + 9) && second === at(d, from + 10);
}

function isDayMonth(d: Digits, from: number): boolean {
  return isMonthDay(d, from + 2, from);
}

function isAhv(d: Digits, from: number): boolean {
  return spelled(d, from, 3) === 756 && weighted(d, from, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]) % 10 === 0;
}

function isSvnr(d: Digits, from: number): boolean {
  const sum = weighted(d, from, [3, 7, 9, 0, 5, 8, 4, 2, 1, 6]) % 11;
  return at(d, from) !== 0 && sum === at(d, from + 3) && isDayMonth(d, from + 4);
}

function isRc(d: Digits, from: number): boolean {
  const month = spelled(d, from + 2, 2) % 50;
  const isMonth = (month >= 1 && month <= 12) || (month >= 21 && month <= 32);
  const day = spelled(d, from + 4, 2);
  return (
    isMonth &&
    day >= 1 &&
    day <= 31 &&
    (modulo(d, from, 10, 11) === 0 || (modulo(d, from, 9, 11) === 10 && at(d, from + 9) === 0))
  );
}

function isCnp(d: Digits, from: number): boolean {
  const rest = weighted(d, from, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11;
  return at(d, from) !== 0 && isMonthDay(d, from + 3, from + 5) && (rest === 10 ? 1 : rest) === at(d, from + 12);
}

function isEgn(d: Digits, from: number): boolean {
  const month = spelled(d, from + 2, 2) % 20;
  if (month < 1 || month > 12 || spelled(d, from + 4, 2) > 31) return false;
  return (weighted(d, from, [2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11) % 10 === at(d, from + 9);
}

function isBaltic(d: Digits, from: number): boolean {
  if (at(d, from) < 1 || at(d, from) > 6 || !isMonthDay(d, from + 3, from + 5)) return false;
  const first = weighted(d, from, [1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) % 11;
  const second = weighted(d, from, [3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 11;
  return (first < 10 ? first : second % 10) === at(d, from + 10);
}

function isTurkish(d: Digits, from: number): boolean {
  if (at(d, from) === 0) return false;
  const odd = weighted(d, from, [1, 0, 1, 0, 1, 0, 1, 0, 1]);
  const even = weighted(d, from, [0, 1, 0, 1, 0, 1, 0, 1]);
  const tenth = (((odd * 7 - even) % 10) + 10) % 10;
  return tenth === at(d, from + 9) && (odd + even + tenth) % 10 === at(d, from + 10);
}

function isNhs(d: Digits, from: number): boolean {
  const check = (11 - (weighted(d, from, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11;
  return check === at(d, from + 9) && !isDull(d, from, 10);
}

function isNir(d: Digits, from: number): boolean {
  const first = at(d, from);
  const month = spelled(d, from + 3, 2);
  if ((first !== 1 && first !== 2) || month === 0 || (month > 12 && month < 20) || month > 99) return false;
  return 97 - (modulo(d, from, 13, 97) % 97) === spelled(d, from + 13, 2);
}

export const europeNumbers: Detector = {
  name: 'europe-numbers',
  types: [
    'DE_TAX_ID',
    'PL_PESEL',
    'NL_BSN',
    'PT_NIF',
    'BE_NRN',
    'SE_PERSONNUMMER',
    'NO_FNR',
    'DK_CPR',
    'CH_AHV',
    'AT_SVNR',
    'CZ_RC',
    'RO_CNP',
    'BG_EGN',
    'EE_IK',
    'TR_ID',
    'UK_NHS',
    'FR_NIR',
    'HR_OIB',
    'GR_AMKA',
    'UK_SORT_CODE',
  ],
  numbers: [
    rule('DE_TAX_ID', [11], isSteuerId, ['steuer']),
    rule('PL_PESEL', [11], isPesel, ['pesel']),
    rule('NL_BSN', [9], isBsn, ['bsn']),
    rule('PT_NIF', [9], isNifPt, ['nifpt', 'taxid']),
    rule('BE_NRN', [11], isNrn, ['nrn'], { shape: /^\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}$/, shaped: 0.9 }),
    rule('SE_PERSONNUMMER', [10], isSwedish, ['personnummer'], { shape: /^\d{6}-\d{4}$/, shaped: 0.65 }),
    rule('SE_PERSONNUMMER', [12], isSwedishLong, ['personnummer'], { shape: /^\d{8}-\d{4}$/, shaped: 0.8, alone: 0.5 }),
    rule('NO_FNR', [11], isFnr, ['fnr'], { shape: /^\d{6} \d{5}$/, shaped: 0.8, alone: 0.6 }),
    rule('DK_CPR', [10], isDayMonth, ['cpr'], { shape: /^\d{6}-\d{4}$/, shaped: 0.5, inContext: 0.9 }),
    rule('CH_AHV', [13], isAhv, ['ahv'], { shape: /^756\.\d{4}\.\d{4}\.\d{2}$/, shaped: 0.95, alone: 0.7 }),
    rule('AT_SVNR', [10], isSvnr, ['svnr']),
    rule('CZ_RC', [10], isRc, ['rc'], { shape: /^\d{6}\/\d{4}$/, shaped: 0.7 }),
    rule('RO_CNP', [13], isCnp, ['cnp']),
    rule('BG_EGN', [10], isEgn, ['egn']),
    rule('EE_IK', [11], isBaltic, ['ik']),
    rule('HR_OIB', [11], (d, from) => isMod11And10(d, from, 11), ['oib']),
    rule('GR_AMKA', [11], (d, from) => isDayMonth(d, from) && isLuhn(d, from, 11), ['amka']),
    rule('TR_ID', [11], isTurkish, ['tckn'], { alone: 0.5 }),
    rule('UK_NHS', [10], isNhs, ['nhs'], { shape: /^\d{3} \d{3} \d{4}$/, shaped: 0.5 }),
    rule('FR_NIR', [15], isNir, ['nir'], {
      shape: /^\d \d{2} \d{2} \d{2} \d{3} \d{3} \d{2}$/,
      shaped: 0.9,
      alone: 0.6,
    }),
    rule('UK_SORT_CODE', [6], (d, from) => !isDull(d, from, 6), ['sortcode'], {
      shape: /^\d{2}-\d{2}-\d{2}$/,
      inContext: 0.85,
      isWeak: true,
    }),
  ],
};

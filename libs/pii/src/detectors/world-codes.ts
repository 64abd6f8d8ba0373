import { digitsOf, isDay, isMonthDay, spelled, weighted } from '../checks/digit-sums.ts';
import type { Context } from '../scan/context.ts';
import type { CodeRule, Detector } from '../scan/dispatch.ts';

function rule(
  type: string,
  pattern: RegExp,
  firstLengths: number[],
  context: readonly Context[],
  more: Partial<CodeRule>,
): CodeRule {
  const detector = type.toLowerCase().replaceAll('_', '-');
  return { type, detector, pattern, firstLengths, context: [...context, 'nationalid'], inContext: 0.95, ...more };
}

const SINGAPORE: Readonly<Record<string, string>> = {
  S: 'JZIHGFEDCBA',
  T: 'GFEDCBAJZIH',
  F: 'XWUTRQPNMLK',
  G: 'RQPNMLKXWUT',
  M: 'XWUTRQPNJLK',
};

function isNric(value: string): boolean {
  const first = value.charAt(0).toUpperCase();
  const sum = weighted(digitsOf(value), 0, [2, 7, 6, 5, 4, 3, 2]) + (first === 'M' ? 3 : 0);
  return SINGAPORE[first]?.[sum % 11] === value.slice(-1).toUpperCase();
}

function isHkid(value: string): boolean {
  const code = value
    .replaceAll(/[()\s]/g, '')
    .toUpperCase()
    .padStart(9, ' ');
  let sum = 0;
  for (let i = 0; i < 9; i += 1) {
    const character = code.charAt(i);
    const number = character === ' ' ? 36 : character === 'A' && i === 8 ? 10 : parseInt(character, 36);
    sum += number * (9 - i);
  }
  return sum % 11 === 0;
}

const TAIWAN = [10, 11, 12, 13, 14, 15, 16, 17, 34, 18, 19, 20, 21, 22, 35, 23, 24, 25, 26, 27, 28, 29, 32, 30, 31, 33];

function isTwid(value: string): boolean {
  const letter = TAIWAN[value.toUpperCase().charCodeAt(0) - 65] ?? 0;
  const sum = Math.floor(letter / 10) + (letter % 10) * 9 + weighted(digitsOf(value), 0, [8, 7, 6, 5, 4, 3, 2, 1, 1]);
  return sum % 10 === 0;
}

const BASE36 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** GSTIN: every second character counts twice in base 36, its two digits added. */
function isGstin(value: string): boolean {
  const state = Number(value.slice(0, 2));
  let sum = 0;
  for (let i = 0; i < 14; i += 1) {
    const product = BASE36.indexOf(value.charAt(i)) * (i % 2 === 0 ? 1 : 2);
    sum += Math.floor(product / 36) + (product % 36);
  }
  return state >= 1 && (state <= 37 || state === 97) && BASE36[(36 - (sum % 36)) % 36] === value.charAt(14);
}

const CURP = '0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ';

function isCurp(value: string): boolean {
  const code = value.toUpperCase();
  let sum = 0;
  for (let i = 0; i < 17; i += 1) sum += CURP.indexOf(code.charAt(i)) * (18 - i);
  return isMonthDay(digitsOf(code.slice(4, 10)), 2, 4) && (10 - (sum % 10)) % 10 === Number(code.charAt(17));
}

function isRfc(value: string): boolean {
  const digits = digitsOf(value.slice(-9, -3));
  return isDay(spelled(digits, 2, 2), spelled(digits, 4, 2));
}

function isRut(value: string): boolean {
  const digits = digitsOf(value.slice(0, -1)).reverse();
  let sum = 0;
  for (let i = 0; i < digits.length; i += 1) sum += (digits[i] ?? 0) * (2 + (i % 6));
  const check = 11 - (sum % 11);
  return (check === 11 ? '0' : check === 10 ? 'K' : String(check)) === value.slice(-1).toUpperCase();
}

function isRicX(value: string): boolean {
  const digits = digitsOf(value);
  if (!isMonthDay(digits, 10, 12)) return false;
  return (weighted(digits, 0, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) + 10) % 11 === 1;
}

export const worldCodes: Detector = {
  name: 'world-codes',
  types: ['SG_NRIC', 'HK_ID', 'TW_ID', 'IN_PAN', 'IN_VOTER', 'IN_GSTIN', 'MX_CURP', 'MX_RFC', 'CL_RUT', 'CN_RIC'],
  codes: [
    rule('SG_NRIC', /[STFGMstfgm]\d{7}[A-Za-z]/y, [9], ['nric'], { alone: 0.85, check: isNric }),
    rule('HK_ID', /[A-Za-z]{1,2}\d{6} ?\(?[0-9Aa]\)?/y, [7, 8, 9], ['hkid'], { check: isHkid }),
    rule('TW_ID', /[A-Za-z][1289]\d{8}/y, [10], ['twid'], { alone: 0.6, check: isTwid }),
    rule('IN_PAN', /[A-Z]{3}[ABCFGHLJPT][A-Z]\d{4}[A-Z]/y, [10], ['panin'], { alone: 0.85 }),
    rule('IN_PAN', /[a-z]{3}[abcfghljpt][a-z]\d{4}[a-z]/y, [10], ['panin'], {}),
    rule('IN_VOTER', /[A-Z]{3}\d{7}/y, [10], ['voter'], { inContext: 0.9 }),
    rule('IN_GSTIN', /\d{2}[A-Z]{5}\d{4}[A-Z][1-9A-Z]Z[0-9A-Z]/y, [15], ['gstin'], { alone: 0.9, check: isGstin }),
    rule('IN_GSTIN', /\d{2}[A-Z]{5}\d{4}[A-Z][1-9A-Z]Z[0-9A-Z]/y, [15], ['gstin'], { inContext: 0.75 }),
    rule('MX_CURP', /[A-Za-z]{4}\d{6}[HMXhmx][A-Za-z]{5}[0-9A-Za-z]\d/y, [18], ['curp'], {
      alone: 0.97,
      check: isCurp,
    }),
    rule('MX_RFC', /[A-Za-z&ñÑ]{3,4}\d{6}[0-9A-Za-z]{3}/y, [12, 13], ['rfc'], {
      alone: 0.55,
      check: isRfc,
      inContext: 0.93,
    }),
    rule('CL_RUT', /\d{1,2}\.\d{3}\.\d{3}-[0-9Kk]/y, [1, 2], ['rut'], { alone: 0.9, check: isRut }),
    rule('CL_RUT', /\d{7,8}-?[0-9Kk]/y, [7, 8, 9], ['rut'], { check: isRut }),
    rule('CN_RIC', /[1-9]\d{5}(?:19|20)\d{9}[Xx]/y, [18], ['ric'], { alone: 0.95, check: isRicX }),
  ],
};

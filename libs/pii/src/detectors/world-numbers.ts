import { type Digits, at, isDull, isLuhn, isMonthDay, spelled, weighted } from '../checks/digit-sums.ts';
import { isVerhoeff } from '../checks/iso7064.ts';
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

function isAadhaar(d: Digits, from: number): boolean {
  return at(d, from) > 1 && !isDull(d, from, 12) && isVerhoeff(d, from, 12);
}

function isTfn(d: Digits, from: number): boolean {
  return weighted(d, from, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0 && !isDull(d, from, 9);
}

function isAbn(d: Digits, from: number): boolean {
  return at(d, from) > 0 && (weighted(d, from, [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]) - 10) % 89 === 0;
}

function isAcn(d: Digits, from: number): boolean {
  return (10 - (weighted(d, from, [8, 7, 6, 5, 4, 3, 2, 1]) % 10)) % 10 === at(d, from + 8) && !isDull(d, from, 9);
}

function isMedicare(d: Digits, from: number): boolean {
  const first = at(d, from);
  return first >= 2 && first <= 6 && weighted(d, from, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 === at(d, from + 8);
}

function isIrd(d: Digits, from: number): boolean {
  const first = (11 - (weighted(d, from, [3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11;
  const second = (11 - (weighted(d, from, [7, 4, 3, 2, 5, 2, 7, 6]) % 11)) % 11;
  return (first < 10 ? first : second) === at(d, from + 8);
}

function isThai(d: Digits, from: number): boolean {
  const check = (11 - (weighted(d, from, [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 10;
  return at(d, from) > 0 && at(d, from) < 9 && check === at(d, from + 12);
}

/** The check digit holds for those born before the reform of 2020; the date and the century must hold for all. */
function isRrn(d: Digits, from: number): boolean {
  return isMonthDay(d, from + 2, from + 4) && at(d, from + 6) >= 1 && at(d, from + 6) <= 8;
}

function isMyNumber(d: Digits, from: number): boolean {
  const rest = weighted(d, from, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
  return (rest < 2 ? 0 : 11 - rest) === at(d, from + 11) && !isDull(d, from, 12);
}

function isRic(d: Digits, from: number): boolean {
  const century = spelled(d, from + 6, 2);
  if ((century !== 19 && century !== 20) || !isMonthDay(d, from + 10, from + 12) || at(d, from) === 0) return false;
  return weighted(d, from, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2, 1]) % 11 === 1;
}

/** Brazilian check digits: weights from the left, 11 minus the rest, 10 and 11 count as 0. */
function eleven(d: Digits, from: number, weights: readonly number[]): number {
  const rest = weighted(d, from, weights) % 11;
  return rest < 2 ? 0 : 11 - rest;
}

function isCpf(d: Digits, from: number): boolean {
  if (isDull(d, from, 11)) return false;
  const first = eleven(d, from, [10, 9, 8, 7, 6, 5, 4, 3, 2]);
  return first === at(d, from + 9) && eleven(d, from, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) === at(d, from + 10);
}

function isCnpj(d: Digits, from: number): boolean {
  if (isDull(d, from, 14)) return false;
  const first = eleven(d, from, [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]);
  return first === at(d, from + 12) && eleven(d, from, [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]) === at(d, from + 13);
}

function isCuit(d: Digits, from: number): boolean {
  const check = (11 - (weighted(d, from, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11;
  return [20, 23, 24, 27, 30, 33, 34].includes(spelled(d, from, 2)) && (check === 10 ? 9 : check) === at(d, from + 10);
}

function isZaId(d: Digits, from: number): boolean {
  return isMonthDay(d, from + 2, from + 4) && at(d, from + 10) < 3 && isLuhn(d, from, 13);
}

function isMyKad(d: Digits, from: number): boolean {
  return isMonthDay(d, from + 2, from + 4) && spelled(d, from + 6, 2) > 0;
}

function isIsraeli(d: Digits, from: number): boolean {
  return isLuhn(d, from, 9) && !isDull(d, from, 9);
}

function isSin(d: Digits, from: number): boolean {
  return isLuhn(d, from, 9) && at(d, from) !== 8 && !isDull(d, from, 9);
}

function isNik(d: Digits, from: number): boolean {
  const day = spelled(d, from + 6, 2) % 40;
  const month = spelled(d, from + 8, 2);
  return day >= 1 && day <= 31 && month >= 1 && month <= 12 && spelled(d, from, 2) >= 11;
}

function isNit(d: Digits, from: number): boolean {
  const rest = weighted(d, from, [41, 37, 29, 23, 19, 17, 13, 7, 3]) % 11;
  return (rest < 2 ? rest : 11 - rest) === at(d, from + 9);
}

export const worldNumbers: Detector = {
  name: 'world-numbers',
  types: [
    'IN_AADHAAR',
    'AU_TFN',
    'AU_ABN',
    'AU_ACN',
    'AU_MEDICARE',
    'NZ_IRD',
    'TH_ID',
    'KR_RRN',
    'JP_MYNUMBER',
    'CN_RIC',
    'BR_CPF',
    'BR_CNPJ',
    'AR_CUIT',
    'ZA_ID',
    'MY_NRIC',
    'IL_ID',
    'CA_SIN',
    'ID_NIK',
    'NG_NIN',
    'CO_NIT',
  ],
  numbers: [
    rule('IN_AADHAAR', [12], isAadhaar, ['aadhaar'], { shape: /^\d{4}([ -])\d{4}\1\d{4}$/, shaped: 0.75 }),
    rule('AU_TFN', [9], isTfn, ['tfn', 'taxid']),
    rule('AU_ABN', [11], isAbn, ['abn'], { shape: /^\d{2} \d{3} \d{3} \d{3}$/, shaped: 0.75 }),
    rule('AU_ACN', [9], isAcn, ['acn']),
    rule('AU_MEDICARE', [10, 11], isMedicare, ['medicareau'], { shape: /^\d{4} \d{5} \d(?:[-/ ]\d)?$/, shaped: 0.75 }),
    rule('NZ_IRD', [9], isIrd, ['ird', 'taxid']),
    rule('TH_ID', [13], isThai, ['thai'], { shape: /^\d-\d{4}-\d{5}-\d{2}-\d$/, shaped: 0.9 }),
    rule('KR_RRN', [13], isRrn, ['rrn'], { shape: /^\d{6}-[1-8]\d{6}$/, shaped: 0.85 }),
    rule('JP_MYNUMBER', [12], isMyNumber, ['mynumber']),
    rule('CN_RIC', [18], isRic, ['ric'], { alone: 0.9 }),
    rule('BR_CPF', [11], isCpf, ['cpf'], { shape: /^\d{3}\.\d{3}\.\d{3}-\d{2}$/, shaped: 0.95 }),
    rule('BR_CNPJ', [14], isCnpj, ['cnpj'], { shape: /^\d{2}\.\d{3}\.\d{3}\/\d{4}-\d{2}$/, shaped: 0.95 }),
    rule('AR_CUIT', [11], isCuit, ['cuit'], { shape: /^\d{2}-\d{8}-\d$/, shaped: 0.85 }),
    rule('ZA_ID', [13], isZaId, ['zaid']),
    rule('MY_NRIC', [12], isMyKad, ['mykad'], { shape: /^\d{6}-\d{2}-\d{4}$/, shaped: 0.7, inContext: 0.85 }),
    rule('IL_ID', [9], isIsraeli, ['teudat']),
    rule('CA_SIN', [9], isSin, ['sin'], { shape: /^\d{3}([ -])\d{3}\1\d{3}$/, shaped: 0.55 }),
    rule('ID_NIK', [16], isNik, ['nik'], { inContext: 0.85 }),
    rule('NG_NIN', [11], (d, from) => !isDull(d, from, 11), ['nin'], { inContext: 0.7, isWeak: true }),
    rule('CO_NIT', [10], isNit, ['nit']),
  ],
};

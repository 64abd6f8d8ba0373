import { type Digits, isDull, spelled } from '../checks/digit-sums.ts';
import {
  isAadhaar,
  isTfn,
  isAbn,
  isAcn,
  isMedicare,
  isIrd,
  isThai,
  isRrn,
  isMyNumber,
  isRic,
  isCpf,
  isCnpj,
  isCuit,
  isZaId,
  isMyKad,
  isIsraeli,
  isSin,
  isNik,
  isNit,
} from '../checks/other-ids.ts';
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
    'NATIONAL_ID',
  ],
  numbers: [
    rule('NATIONAL_ID', [15], (d, from) => spelled(d, from, 3) === 784, ['nationalid'], {
      shape: /^784-(?:19|20)\d{2}-\d{7}-\d$/,
      shaped: 0.9,
      isWeak: true,
    }),
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

import { type Digits, isDull, isLuhn } from '../checks/digit-sums.ts';
import { isMod11And10 } from '../checks/iso7064.ts';
import {
  isSteuerId,
  isPesel,
  isBsn,
  isNifPt,
  isNrn,
  isSwedish,
  isSwedishLong,
  isFnr,
  isDayMonth,
  isAhv,
  isSvnr,
  isRc,
  isCnp,
  isEgn,
  isBaltic,
  isTurkish,
  isNhs,
  isNir,
  isSiret,
  isJmbg,
} from '../checks/european-ids.ts';
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
    'VAT_NUMBER',
    'TAX_ID',
    'NATIONAL_ID',
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
    rule('VAT_NUMBER', [11], (d, from) => isLuhn(d, from, 11), ['vat', 'taxid'], { isWeak: true, inContext: 0.85 }),
    rule('TAX_ID', [9, 14], isSiret, ['siret'], { isWeak: true, inContext: 0.9 }),
    rule('NATIONAL_ID', [13], isJmbg, ['jmbg']),
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
      // Nothing that is said of identity speaks of a bank.
      context: ['sortcode'],
      shape: /^\d{2}-\d{2}-\d{2}$/,
      inContext: 0.85,
      isWeak: true,
    }),
  ],
};

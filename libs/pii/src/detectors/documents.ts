import type { Detector, FollowRule } from '../scan/dispatch.ts';
import { FILLER } from './filler.ts';

function rule(
  type: string,
  context: FollowRule['context'],
  value: string,
  confidence: number,
  more: Partial<FollowRule> = {},
): FollowRule {
  const lead = `(?:[ _-]?(?:[Nn]umber|NUMBER|[Nn]o|NO|[Nn]r|[Nn]um|I[Dd]|id|book|card|#))?`;
  return {
    type,
    detector: type.toLowerCase().replaceAll('_', '-'),
    context,
    pattern: new RegExp(`${lead}${FILLER}(${value})(?![\\w]|-\\d)`, 'y'),
    confidence,
    whole: new RegExp(`^${value}$`, 'i'),
    ...more,
  };
}

/** At least this many digits, so that no word of prose is taken for a number. */
function hasDigits(count: number): (value: string) => boolean {
  return (value) => value.replaceAll(/\D/g, '').length >= count && !/^(?:19|20)\d\d[-/.]/.test(value);
}

const PASSPORT =
  '(?=[A-Za-z0-9]{0,9}\\d)(?:[A-Z]{1,3} ?\\d{5,8}[A-Z]?|[A-Z0-9]{8,9}|\\d{2} ?[A-Z]{2} ?\\d{5}|[a-z]\\d{7,8})';
/** A field of its own, among the first of a row that says whose identity was checked: `KYC: name; birth; number; …`. */
const IN_ROW =
  /[ :=-]{0,3}(?:[^;|\n]{0,48}[;|]\s?){1,3}([A-Z]{1,3}\d{5,8}[A-Z]?|(?=[A-Z]{0,8}\d)[A-Z0-9]{9}|\d{2}[A-Z]{2}\d{5})(?=\s?[;|])/y;
const LICENSE =
  '(?:[A-Z]\\d{3}-\\d{4}-\\d{4}|[A-Z]\\d{3}(?:-\\d{3}){2}-\\d{2,3}(?:-\\d)?|[A-Z]\\d{3}-\\d{3}-\\d{2}-\\d{3}-\\d|[A-Z]{1,2}-?\\d{5,12}|\\d{7,10}[A-Z]{0,2}|[A-Z]{5}\\d{6}[A-Z0-9]{3}[A-Z]{2}|[A-Z]\\d{4}-\\d{5}-\\d{5}|[A-Z0-9]{11}|[A-Z]\\d{12,14}|\\d{2}-\\d{3}-\\d{4}|\\d{3}-\\d{2}-\\d{4}|[A-Z]{2,3}[- ]?\\d{2}[- ]?[A-Z0-9]{4,12}|\\d{2}[A-Z]{3}\\d{5}|[A-Z]{3}\\*{0,2}[A-Z0-9*]{7,9}|\\d{2}-\\d{2}-\\d{6}-\\d{2})';

export const documents: Detector = {
  name: 'documents',
  types: ['PASSPORT', 'DRIVER_LICENSE', 'US_BANK_NUMBER', 'SWIFT_BIC', 'POSTAL_CODE', 'TAX_ID', 'NATIONAL_ID'],
  follows: [
    rule('PASSPORT', 'passport', PASSPORT, 0.88, {
      check: (value) => hasDigits(/^[A-Z0-9]{9}$/.test(value) ? 1 : 4)(value),
    }),
    {
      type: 'PASSPORT',
      detector: 'passport-in-row',
      context: 'kyc',
      pattern: IN_ROW,
      check: hasDigits(4),
      confidence: 0.8,
    },
    rule('DRIVER_LICENSE', 'license', LICENSE, 0.82, { check: hasDigits(4) }),
    rule('US_BANK_NUMBER', 'bank', '\\d{6,17}|\\d{3,6}[ -]\\d{3,6}(?:[ -]\\d{2,6}){0,2}', 0.75),
    rule(
      'POSTAL_CODE',
      'postal',
      '\\d{5}(?:-\\d{4})?|[A-Z]{1,2}\\d[A-Z\\d]? ?\\d[A-Z]{2}|\\d{4} ?[A-Z]{2}|[A-Z]\\d[A-Z] ?\\d[A-Z]\\d|\\d{2}-\\d{3}|\\d{5}-\\d{3}|\\d{4,6}',
      0.75,
    ),
    rule('TAX_ID', 'taxid', '\\d{2}[-/ ]?\\d{3}[-/ ]?\\d{3}[-/ ]?\\d{2,4}|\\d{9,11}|\\d{3}/\\d{3,4}/\\d{4,5}', 0.6),
    rule('NATIONAL_ID', 'nationalid', '(?=[A-Z0-9.-]{0,18}\\d{3})[A-Z0-9][A-Z0-9.-]{5,17}[A-Z0-9]', 0.6, {
      check: hasDigits(5),
    }),
  ],
  codes: [
    {
      type: 'DRIVER_LICENSE',
      detector: 'uk-licence',
      pattern: /[A-Z]{1,5}9{0,4}\d[0156]\d(?:[0-2]\d|3[01])\d[A-Z9]{2}\d?[A-Z0-9]{2,3}/y,
      firstLengths: [16, 18],
      context: ['license'],
      alone: 0.75,
      inContext: 0.95,
    },
    {
      type: 'SWIFT_BIC',
      detector: 'swift-bic',
      pattern:
        /[A-Za-z]{4}(?:A[DEFGILMOQRSTUWXZ]|B[ABDEFGHIJLMNOQRSTVWYZ]|C[ACDFGHIKLMNORUVWXYZ]|D[EJKMOZ]|E[CEGHRST]|F[IJKMOR]|G[ABDEFGHILMNPQRSTUWY]|H[KMNRTU]|I[DELMNOQRST]|J[EMOP]|K[EGHIMNPRWYZ]|L[ABCIKRSTUVY]|M[ACDEFGHKLMNOPQRSTUVWXYZ]|N[ACEFGILOPRUZ]|OM|P[AEFGHKLMNRSTWY]|QA|R[EOSUW]|S[ABCDEGHIJKLMNORSTVXYZ]|T[CDFGHJKLMNORTVWZ]|U[AGMSYZ]|V[ACEGINU]|W[FS]|XK|Y[ET]|Z[AMW])[A-Za-z0-9]{2}(?:[A-Za-z0-9]{3})?/y,
      firstLengths: [8, 11],
      context: ['swift'],
      inContext: 0.96,
    },
  ],
};

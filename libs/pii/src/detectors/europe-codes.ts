import { digitsOf, isDay, spelled, weighted } from '../checks/digit-sums.ts';
import { isMod11And10 } from '../checks/iso7064.ts';
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

const SPANISH = 'TRWAGMYFPDXBNJZSQVHLCKE';

function isNif(value: string): boolean {
  const digits = digitsOf(value);
  return SPANISH[spelled(digits, 0, digits.length) % 23] === value.slice(-1).toUpperCase();
}

function isNie(value: string): boolean {
  const first = 'XYZ'.indexOf(value.charAt(0).toUpperCase());
  return isNif(first + value.slice(1));
}

const ODD_DIGITS = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21];
const ODD_LETTERS = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

/** The last letter follows from the fifteen before it (decree of 23 December 1976). */
function isFiscalCode(value: string): boolean {
  const code = value.toUpperCase().replaceAll(' ', '');
  let sum = 0;
  for (let i = 0; i < 15; i += 1) {
    const number = code.charCodeAt(i) - (code.charCodeAt(i) > 64 ? 65 : 48);
    const odd = code.charCodeAt(i) > 64 ? ODD_LETTERS[number] : ODD_DIGITS[number];
    sum += i % 2 === 0 ? (odd ?? 0) : number;
  }
  return String.fromCharCode(65 + (sum % 26)) === code.charAt(15);
}

const FINNISH = '0123456789ABCDEFHJKLMNPRSTUVWXY';

function isHetu(value: string): boolean {
  const digits = digitsOf(value.slice(0, -1));
  if (!isDay(spelled(digits, 2, 2), spelled(digits, 0, 2))) return false;
  return FINNISH[spelled(digits, 0, 9) % 31] === value.slice(-1).toUpperCase() && spelled(digits, 6, 3) > 1;
}

function isPpsn(value: string): boolean {
  const digits = digitsOf(value);
  const second = value.length > 8 ? value.toUpperCase().charCodeAt(8) - 64 : 0;
  const sum = (weighted(digits, 0, [8, 7, 6, 5, 4, 3, 2]) + (second > 22 ? 0 : second) * 9) % 23;
  return (sum === 0 ? 'W' : String.fromCharCode(64 + sum)) === value.charAt(7).toUpperCase();
}

const NINO =
  /(?![DFIQUVdfiquv]|.[DFIOQUVdfioquv])(?!BG|GB|KN|NK|NT|TN|ZZ|bg|gb|kn|nk|nt|tn|zz)[A-Za-z]{2}([ -]?)\d{2}\1\d{2}\1\d{2}\1[A-Da-d]/y;

function isPensionNumber(value: string): boolean {
  const code = value.replaceAll(' ', '').toUpperCase();
  const letter = code.charCodeAt(8) - 64;
  const digits = digitsOf(`${code.slice(0, 8)}${String(letter).padStart(2, '0')}${code.slice(9)}`);
  const weights = [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1];
  let sum = 0;
  for (let i = 0; i < 12; i += 1) {
    const product = (digits[i] ?? 0) * (weights[i] ?? 0);
    sum += Math.floor(product / 10) + (product % 10);
  }
  return sum % 10 === digits[12];
}

/** Numbers of passports and identity cards (ICAO 9303) end in a digit over all before it, weighted 7 3 1. */
function isGermanCard(value: string): boolean {
  let sum = 0;
  for (let i = 0; i < 9; i += 1) sum += parseInt(value.charAt(i), 36) * ([7, 3, 1][i % 3] ?? 0);
  return sum % 10 === Number(value.charAt(9));
}

const VAT =
  /(?:ATU\d{8}|BE[01]\d{9}|BG\d{9,10}|CY\d{8}[A-Z]|CZ\d{8,10}|DE\d{9}|DK\d{8}|EE\d{9}|EL\d{9}|ES[A-Z0-9]\d{7}[A-Z0-9]|FI\d{8}|FR[A-HJ-NP-Z0-9]{2}\d{9}|GB\d{9}(?:\d{3})?|HR\d{11}|HU\d{8}|IE\d{7}[A-Z]{1,2}|IT\d{11}|LT\d{9}(?:\d{3})?|LU\d{8}|LV\d{11}|MT\d{8}|NL\d{9}B\d{2}|PL\d{10}|PT\d{9}|RO\d{2,10}|SE\d{12}|SI\d{8}|SK\d{10}|CHE-?\d{3}\.?\d{3}\.?\d{3})/y;

/** The German number has the check of the tax number; the others are known by form and context. */
function isVat(value: string): boolean {
  return !value.startsWith('DE') || isMod11And10(digitsOf(value), 0, 9);
}

export const europeCodes: Detector = {
  name: 'europe-codes',
  types: [
    'UK_NINO',
    'ES_NIF',
    'ES_NIE',
    'IT_FISCAL_CODE',
    'FI_HETU',
    'IE_PPSN',
    'DE_SOCIAL_SECURITY',
    'DE_ID_CARD',
    'VAT_NUMBER',
  ],
  codes: [
    rule('UK_NINO', NINO, [9, 8, 2], ['nino'], { alone: 0.85 }),
    rule('ES_NIF', /\d{8}[ -]?[A-HJ-NP-TV-Za-hj-np-tv-z]/y, [9, 8], ['nifes'], { alone: 0.75, check: isNif }),
    rule('ES_NIF', /[ABCDEFGHJNPQRSUVWabcdefghjnpqrsuvw]-?\d{7}-?[0-9A-Ja-j]/y, [9, 1], ['nifes'], { inContext: 0.85 }),
    rule('UK_NINO', /[A-Z]{2}([ -]?)\d{2}\1\d{2}\1\d{2}\1[A-D]/y, [9, 8, 2], ['nino'], { inContext: 0.8 }),
    rule('ES_NIE', /[XYZxyz][ -]?\d{7}[ -]?[A-HJ-NP-TV-Za-hj-np-tv-z]/y, [9, 1, 8], ['nifes'], {
      alone: 0.8,
      check: isNie,
    }),
    rule(
      'IT_FISCAL_CODE',
      /[A-Za-z]{6} ?[0-9LMNP-Vlmnp-v]{2}[A-EHLMPR-Ta-ehlmpr-t][0-9LMNP-Vlmnp-v]{2} ?[A-Za-z][0-9LMNP-Vlmnp-v]{3}[A-Za-z]/y,
      [16, 6, 11],
      ['fiscalcode'],
      { alone: 0.97, check: isFiscalCode },
    ),
    rule('FI_HETU', /\d{6}[-+A-FU-Ya-fu-y]\d{3}[0-9A-FHJ-NPR-Ya-fhj-npr-y]/y, [6, 11], ['hetu'], {
      alone: 0.85,
      check: isHetu,
    }),
    rule('IE_PPSN', /\d{7}[A-Wa-w][A-IWa-iw]?/y, [8, 9], ['ppsn'], { check: isPpsn }),
    rule('DE_SOCIAL_SECURITY', /\d{2} ?\d{6} ?[A-Z] ?\d{3}/y, [12, 2], ['rvnr'], {
      alone: 0.8,
      check: isPensionNumber,
    }),
    rule('DE_ID_CARD', /[CFGHJKLMNPRTVWXYZ][CFGHJKLMNPRTVWXYZ0-9]{8}\d/y, [10], ['nationalid'], {
      check: isGermanCard,
      inContext: 0.85,
    }),
    rule(
      'VAT_NUMBER',
      VAT,
      Array.from({ length: 12 }, (_, i) => i + 3),
      ['vat', 'taxid'],
      { check: isVat, inContext: 0.9 },
    ),
  ],
};

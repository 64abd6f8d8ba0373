import { TRIED, insideAny, international } from './detectors/phone-plan.ts';
import { piiTypes } from './pii-type.ts';

/** Numbers of companies and of professions, found in the same families but naming no private person. */
const OF_NOBODY = new Set([
  'SWIFT_BIC',
  'US_ABA_ROUTING',
  'UK_SORT_CODE',
  'CARD_CVV',
  'CARD_EXPIRY',
  'US_EIN',
  'AU_ABN',
  'AU_ACN',
  'BR_CNPJ',
  'IN_GSTIN',
  'VAT_NUMBER',
]);
const FAMILIES = new Set(['money', 'government', 'health', 'vehicle', 'device']);
const idTypes = new Set(
  piiTypes.filter((info) => FAMILIES.has(info.family) && !OF_NOBODY.has(info.type)).map((info) => info.type),
);
const MIN_DIGITS = 7;

/**
 * The one form of a value that identifies a person, however it was written: the key under which all that belongs to
 * that person is found. Null for types that do not identify one.
 */
export function subjectOf(type: string, value: string): string | null {
  if (type === 'EMAIL_ADDRESS') return value.trim().toLowerCase();
  if (type === 'PHONE_NUMBER') return phoneOf(value);
  if (type === 'CRYPTO_ADDRESS') return value.startsWith('0x') ? value.toLowerCase() : value;
  if (!idTypes.has(type)) return null;
  const bare = value.replaceAll(/[^\p{L}\p{N}]/gu, '').toUpperCase();
  return bare === '' ? null : bare;
}

/** E.164 where a country has such a number, else its digits. */
function phoneOf(value: string): string | null {
  const number = value.replace(/(?:x|ext|poste).*$/i, '');
  const digits = number.normalize('NFKC').replaceAll(/\D/g, '');
  if (digits.length < MIN_DIGITS) return null;
  const abroad = number.includes('+') ? digits : digits.startsWith('00') ? digits.slice(2) : null;
  return (abroad === null ? insideAny(TRIED, digits) : international(abroad)) ?? digits;
}

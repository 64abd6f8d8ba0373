import type { Operator } from './operator.ts';

/** How many of the last characters stay readable, so that people can tell their own value. Nothing of a secret does. */
const SHOWN_AT_END: Readonly<Record<string, number>> = {
  CREDIT_CARD: 4,
  IBAN: 4,
  US_BANK_NUMBER: 4,
  PHONE_NUMBER: 2,
  US_SSN: 0,
};

export const mask: Operator = {
  name: 'mask',
  description: 'Puts * in place of letters and digits and keeps the form; of cards and accounts the last four stay.',
  reversible: false,
  apply: masked,
};

function masked(type: string, value: string): string {
  const shown = SHOWN_AT_END[type] ?? 0;
  const border = value.length - shown;
  const keepsFirst = type === 'EMAIL_ADDRESS' || type === 'PERSON';
  return value
    .replaceAll(/[\p{L}\p{N}\p{M}]/gu, (character, at: number) =>
      at >= border || (keepsFirst && at === 0) ? character : '*',
    )
    .replaceAll(/[^*\s@.+()\p{L}\p{N}-]/gu, '*');
}

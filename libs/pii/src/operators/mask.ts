import type { Operator, Options } from './operator.ts';

/** How many of the last characters stay readable, so that people can tell their own value. Nothing of a secret does. */
const SHOWN_AT_END: Readonly<Record<string, number>> = {
  CREDIT_CARD: 4,
  IBAN: 4,
  US_BANK_NUMBER: 4,
  PHONE_NUMBER: 2,
  US_SSN: 0,
};
const MOST = 8;

export const mask: Operator = {
  name: 'mask',
  description: 'Puts * in place of letters and digits and keeps the form; of cards and accounts the last four stay.',
  reversible: false,
  keyed: false,
  options: [
    { name: 'first', description: 'How many characters stay in front', min: 0, max: MOST, default: null },
    { name: 'last', description: 'How many characters stay at the end', min: 0, max: MOST, default: null },
    {
      name: 'domain',
      description: 'Whether the host of an e-mail address stays',
      values: ['keep', 'mask'],
      default: 'mask',
    },
  ],
  looksReal: (options) =>
    options['domain'] === 'keep' || options['first'] !== undefined || options['last'] !== undefined,
  apply: (type, value, { options }) => {
    const at = type === 'EMAIL_ADDRESS' && options['domain'] === 'keep' ? value.lastIndexOf('@') : -1;
    return at < 0 ? masked(type, value, options) : masked(type, value.slice(0, at), options) + value.slice(at);
  },
};

function masked(type: string, value: string, { first, last }: Options): string {
  const isFirstKnown = type === 'EMAIL_ADDRESS' || type === 'PERSON';
  const before = Number(first ?? (isFirstKnown ? 1 : 0));
  const behind = Number(last ?? SHOWN_AT_END[type] ?? 0);
  const count = value.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
  // Of a short value nothing is shown that was asked for: it would be most of it.
  const shows = before + behind <= count / 2 || (first === undefined && last === undefined);
  const border = value.length - behind;
  let seen = 0;
  return value
    .replaceAll(/[\p{L}\p{N}\p{M}]/gu, (character, at: number) => {
      seen += 1;
      return shows && (at >= border || seen <= before) ? character : '*';
    })
    .replaceAll(/[^*\s@.+()\p{L}\p{N}-]/gu, '*');
}

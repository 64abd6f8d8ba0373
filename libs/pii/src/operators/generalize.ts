import type { Operator } from './operator.ts';

type Coarser = (value: string) => string | null;

const BAND = 10;

const coarser: Readonly<Record<string, Coarser>> = {
  AGE: (value) => {
    const age = Number.parseInt(value, 10);
    return Number.isNaN(age) ? null : `${age - (age % BAND)} to ${age - (age % BAND) + BAND - 1}`;
  },
  DATE_OF_BIRTH: (value) => /(?:18|19|20)\d{2}/.exec(value)?.[0] ?? null,
  IP_ADDRESS: (value) => (value.includes(':') ? null : value.replace(/\.\d+$/, '.x')),
  POSTAL_CODE: (value) => (/^\d{5}/.test(value) ? `${value.slice(0, 3)}**` : null),
  COORDINATES: (value) => value.replaceAll(/(\d+)\.(\d)\d*/g, '$1.$2'),
  CARD_EXPIRY: () => null,
};

export const generalize: Operator = {
  name: 'generalize',
  description:
    'Makes a value coarser: an age a band, a date of birth a year, an IP address its network. Others are redacted.',
  reversible: false,
  apply: (type, value) => coarser[type]?.(value) ?? `[${type}]`,
};

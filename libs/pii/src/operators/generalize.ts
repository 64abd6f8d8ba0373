import { never, type Operator, type Options } from './operator.ts';
import { writtenDate } from './written-date.ts';

type Coarser = (value: string, options: Options) => string | null;

const BAND = 10;
const GROUPS_OF_NETWORK = 3;

const coarser: Readonly<Record<string, Coarser>> = {
  AGE: (value, options) => {
    const age = Number.parseInt(value, 10);
    const band = Number(options['band'] ?? BAND);
    return Number.isNaN(age) ? null : `${age - (age % band)} to ${age - (age % band) + band - 1}`;
  },
  DATE_OF_BIRTH: (value, { date }) => coarserDate(value, date ?? 'year'),
  DATE_TIME: (value, { date }) => coarserDate(value, date ?? 'month'),
  IP_ADDRESS: (value) => (value.includes(':') ? networkOf(value) : value.replace(/\.\d+$/, '.x')),
  POSTAL_CODE: (value) => (/^\d{5}/.test(value) ? `${value.slice(0, 3)}**` : null),
  COORDINATES: (value, { grid }) => value.replaceAll(/(\d+)\.(\d)\d*/g, grid === '1' ? '$1' : '$1.$2'),
  CARD_EXPIRY: () => null,
};

export const generalize: Operator = {
  name: 'generalize',
  description:
    'Makes a value coarser: an age a band, a date of birth its year, other dates their month, an IP address its network, a place its cell of a grid, a five-digit postal code its first three. Others are redacted.',
  reversible: false,
  keyed: false,
  options: [
    { name: 'band', description: 'Years in a band of ages', min: 2, max: 50, default: BAND },
    { name: 'date', description: 'What stays of dates', values: ['month', 'year'], default: null },
    { name: 'grid', description: 'Degrees a cell of coordinates is wide', values: ['0.1', '1'], default: '0.1' },
  ],
  looksReal: never,
  apply: (type, value, { options }) => coarser[type]?.(value, options) ?? `[${type}]`,
};

function coarserDate(value: string, to: string): string | null {
  const year = /(?:18|19|20)\d{2}/.exec(value)?.[0] ?? null;
  if (to === 'year' || year === null) return year;
  const written = writtenDate(value);
  return written && `${written.year}-${String(written.month).padStart(2, '0')}`;
}

/** The first 48 bits, where they are written out. */
function networkOf(value: string): string | null {
  const groups = value.split('::')[0]!.split(':');
  return groups.length < GROUPS_OF_NETWORK ? null : `${groups.slice(0, GROUPS_OF_NETWORK).join(':')}:x`;
}

import { Draw } from './draw.ts';
import { always, type Operator } from './operator.ts';
import { scopeOf, scopeOption } from './scope.option.ts';
import { writtenDate } from './written-date.ts';

const DATES = new Set(['DATE_OF_BIRTH', 'DATE_TIME']);
const DAY_MS = 86_400_000;
const YEAR = 365;

export const dateShift: Operator = {
  name: 'date_shift',
  description:
    'Moves dates by some days, up to a year to and fro, all in the scope by as many: intervals, times of day and the form stay. Dates without a day, and other types, are redacted. Applied again it moves them again.',
  reversible: false,
  keyed: true,
  options: [
    scopeOption('document'),
    { name: 'days', description: 'By how many days at most', min: 1, max: 10 * YEAR, default: YEAR },
  ],
  looksReal: always,
  apply: (type, value, { keys, options }) => {
    const written = DATES.has(type) ? writtenDate(value) : null;
    if (!written) return `[${type}]`;
    const days = shift(keys.of('date-shift', scopeOf(options, 'document')), Number(options['days'] ?? YEAR));
    const from = Date.UTC(written.year, written.month - 1, written.day);
    return written.write(new Date(from + days * DAY_MS));
  },
};

/** Never none: a date that stays is the date. */
function shift(key: Uint8Array, most: number): number {
  const drawn = new Draw(key, 'days').below(2 * most);
  return drawn < most ? drawn - most : drawn - most + 1;
}

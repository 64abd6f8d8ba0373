import type { Detector, FollowRule } from '../scan/dispatch.ts';
import type { NumberRun } from '../scan/number-run.ts';
import type { Reading } from '../scan/reading.ts';
import { DATE, isDate } from './dates.ts';

/** The first date within reach of a word of birth. */
const dateOfBirth: FollowRule = {
  type: 'DATE_OF_BIRTH',
  detector: 'date-of-birth',
  context: 'dob',
  pattern: new RegExp(`[^\\d\\n]{0,32}?(?<![\\d.-])(${DATE})(?![\\d])`, 'iy'),
  check: isDate,
  confidence: 0.9,
  whole: new RegExp(`^(?:${DATE})(?:T00:00:00.*)?$`, 'i'),
};

const UNITS =
  'years?[ -]old|year-old|yrs?[ -]old|y/?o|years of age|Jahre alt|jährig|jährige[rn]?|ans|años|anni|anos|jaar|lat';

const age: FollowRule = {
  type: 'AGE',
  detector: 'age',
  context: 'age',
  pattern:
    /["']?\s{0,2}(?:[:=]|is|of|was)?\s{0,2}["']?(\d{1,3})(?![\d.,%]*\d)(?!\s?(?:%|days|months|weeks|hours|groups))/iy,
  check: (value) => Number(value) > 0 && Number(value) < 120,
  confidence: 0.8,
  whole: /^\d{1,3}$/,
};

/** What a unit begins with. */
const UNIT_FIRST: ReadonlySet<number> = new Set(
  UNITS.split('|').flatMap((unit) => [unit.toLowerCase().charCodeAt(0), unit.toUpperCase().charCodeAt(0)]),
);
const BY_UNIT = new RegExp(`[ -]?(?:${UNITS})(?![\\p{L}])`, 'iuy');
const NO_PERSON = /(?:last|past|next|every|for|of|in|within|about|over|after|than|hace|depuis|seit|vor|il y a)\s+$/i;

/** `35-year-old`, `31 y/o`, `42 Jahre alt`. */
function lookAtRun(reading: Reading, run: NumberRun): void {
  const length = run.length(0);
  if (run.groups !== 1 || length > 3 || length < 1) return;
  const next = reading.code(run.end);
  if (next !== 32 && next !== 45 && next < 97) return;
  if (!UNIT_FIRST.has(next < 97 ? reading.code(run.end + 1) : next)) return;
  BY_UNIT.lastIndex = run.end;
  const unit = BY_UNIT.exec(reading.text)?.[0];
  if (unit === undefined) return;
  const isBare = /^[ -]?(?:ans|años|anni|anos|jaar|lat)$/i.test(unit);
  if (isBare && NO_PERSON.test(reading.text.slice(Math.max(reading.from, run.start - 10), run.start))) return;
  const { start, end } = run;
  const confidence = isBare ? 0.6 : 0.85;
  reading.add({ type: 'AGE', start, end, confidence, proof: 2, detector: 'age-by-unit', why: 'years of life' });
}

export const birth: Detector = {
  name: 'birth',
  types: ['DATE_OF_BIRTH', 'AGE'],
  run: lookAtRun,
  follows: [dateOfBirth, age],
};

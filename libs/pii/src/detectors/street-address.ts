import { KIND, LETTER, LOWER, OTHER, UPPER } from '../scan/characters.ts';
import { contextNumber } from '../scan/context.ts';
import type { Detector } from '../scan/dispatch.ts';
import type { NumberRun } from '../scan/number-run.ts';
import type { Reading } from '../scan/reading.ts';
import { behindNumber, mayBeBehindStreet, mayBeginEnglish, mayBeginRomance } from './street-hints.ts';
import { BEGINS, ENDS, ENGLISH_ENDS, ROMANCE_BEGINS, STATES, STREET_WORDS } from './street-words.ts';

const ADDRESS = contextNumber('address');
const WORD = "\\p{Lu}[\\p{L}\\p{M}'’.-]{0,24}";
/** Lines of a letter that is quoted begin with a mark. */
const BREAK = ',[ \\n]{0,3}|[ ]?\\n[>?|]{0,3}[ ]{0,3}';
const LINE = `(?:${BREAK}|[ ]{1,2})`;
const UNIT = `(?:${LINE}(?:(?:Apt|Apartment|Suite|Ste|Unit|Flat|Room|Floor|Fl|Bldg|Building|Wohnung|Piso|Appt|Etage|#)\\.?[ ]?#?[A-Z0-9-]{1,6}|#[ ]?\\w{1,6}))?`;
const TOWN = "(?:St\\. )?\\p{Lu}[\\p{L}\\p{M}'’-]{1,24}";
const CITY = `${TOWN}(?:[ -](?:am |an der |sur |de |la |del |di |upon |on |in )?${TOWN}){0,3}`;
const BRITISH = '[A-Z]{1,2}\\d[A-Z\\d]?[ ]?\\d[A-Z]{2}';
const PLACE = [
  `${LINE}${CITY}${LINE}(?:${STATES})(?:[ ]{1,2}\\d{4,5}(?:-\\d{4})?|[ ]{1,2}[A-Z]\\d[A-Z][ ]?\\d[A-Z]\\d)?`,
  `${LINE}(?:[A-Z]{1,2}-)?\\d{2,5}(?:[ -]\\d{2,3})?(?:[ ]?[A-Z]{2})?[ ]${CITY}(?:[ ]\\([A-Z]{2}\\))?`,
  `${LINE}${CITY},?[ ]${BRITISH}`,
  `${LINE}${BRITISH}`,
  `(?:${BREAK})${CITY}(?:(?:${BREAK})${CITY})?,?[ ](?!(?:19|20)\\d\\d\\b)\\d{4,6}(?:-\\d{3,4})?(?![ .-]?\\d)`,
].join('|');
const TAIL = new RegExp(`${UNIT}(?:${PLACE})?(?![\\p{L}\\d])`, 'uy');

const SIDE = '(?:(?:[NSEW]{1,2}\\.?|North|South|East|West)[ ])?';
const ENGLISH = new RegExp(
  `\\d{1,5}[A-Za-z]?(?:[-/]\\d{1,4})?[ ]${SIDE}(?:(?:${WORD}|\\d{1,3}(?:st|nd|rd|th))[ ]){1,4}?(?:${ENGLISH_ENDS})\\b\\.?(?:[ ](?:[NSEW]{1,2}|North|South|East|West)\\b)?`,
  'uy',
);
const ROMANCE = new RegExp(
  `\\d{1,4}(?:[ ]?(?:bis|ter|[A-Da-d]))?,?[ ](?:${ROMANCE_BEGINS})[ ](?:(?:de|du|des|la|le|les|l'|d'|et|à|saint|sainte)[ ]?){0,3}${WORD}(?:[ -](?:de |du |des |la |d'|l')?${WORD}){0,3}`,
  'uy',
);
/** In front of a house number. */
const BEFORE = new RegExp(
  `(?<![\\p{L}\\d])(?:(?:${WORD}[ -]){0,3}[\\p{Lu}][\\p{L}\\p{M}-]{0,24}?(?:${ENDS})|(?:${WORD}[ -]){1,2}(?:${STREET_WORDS})|(?:${BEGINS})[ ]?(?:(?:de |del |della |dei |la |las |los |da |do |dos |das |den |der |św\\. |gen\\. ){0,2}${WORD})(?:[ -](?:de |del |la |y |e )?${WORD}){0,3})(?:,|[ ]n[º°.]?)?[ ]$`,
  'u',
);
const BOX =
  /(?:P\.? ?O\.? ?Box|Post Office Box|Postfach|Apartado|Casilla|Postbus|Suite|SUITE|Apartment|Apt\.?|APT\.?|apt\.) #?$/;
const HOUSE = /\d{1,4}[A-Za-z]?(?:[-/]\d{1,4}[A-Za-z]?)?(?![\p{L}\d:%€$])/uy;
/** Words of small letters that stand right before the number of a house or a flat. */
const SMALL_ENDS = new Set(
  'straße strasse str str. weg gasse allee platz straat laan plein kade dijk gata gatan gate gaten väg vei veien vej gade allé torv torg plass katu tie kuja utca út tér tánav iela street road box apt apt. suite n nº n° n. n.º no. de del'.split(
    ' ',
  ),
);
const LONGEST_END = Math.max(...[...SMALL_ENDS].map(({ length }) => length));
/** Where the context says that it is an address, a number and capital words are enough. */
const BY_CONTEXT = new RegExp(`\\d{1,5}[A-Za-z]?[ ]${WORD}(?:[ ]${WORD}){0,4}`, 'uy');
const BACK = 56;

function lookAtRun(reading: Reading, run: NumberRun): void {
  const length = run.length(0);
  if (length > 5) return;
  const { start } = run;
  if (reading.code(start - 1) === 32 && lookBack(reading, start)) return;
  if (!lookForward(reading, run.groupStart[run.groups - 1] ?? start) && run.groups > 1) lookForward(reading, start);
}

/** `90B` is a house too. */
function lookAtShortCode(reading: Reading, start: number): void {
  if (reading.code(start - 1) === 32 && lookBack(reading, start)) return;
  lookForward(reading, start);
}

function lookForward(reading: Reading, start: number): boolean {
  const behind = behindNumber(reading, start);
  if (mayBeginEnglish(behind) && tryStreet(reading, ENGLISH, start)) return true;
  if (mayBeginRomance(behind) && tryStreet(reading, ROMANCE, start)) return true;
  if (!reading.isNear(ADDRESS, start, 20)) return false;
  BY_CONTEXT.lastIndex = start;
  const street = BY_CONTEXT.exec(reading.text)?.[0];
  if (street !== undefined) add(reading, start, start + street.length, 0.6);
  return street !== undefined;
}

function tryStreet(reading: Reading, pattern: RegExp, start: number): boolean {
  pattern.lastIndex = start;
  const street = pattern.exec(reading.text)?.[0];
  if (street === undefined) return false;
  add(reading, start, start + street.length, 0.82);
  return true;
}

/** The word before begins with a capital, or is one that streets end in: else it is no street. */
function isStreetLike(reading: Reading, at: number): boolean {
  let start = at - 1;
  while (start > reading.from && at - start < BACK && isLetterLike(reading.code(start - 1))) start -= 1;
  const kind = KIND[reading.code(start)] ?? OTHER;
  if (kind === UPPER || kind === LETTER) return true;
  return at - 1 - start <= LONGEST_END && SMALL_ENDS.has(reading.text.slice(start, at - 1));
}

function isLetterLike(code: number): boolean {
  const kind = KIND[code] ?? OTHER;
  return (kind >= LOWER && kind <= LETTER) || code === 46 || code === 44;
}

function lookBack(reading: Reading, at: number): boolean {
  if (!isStreetLike(reading, at) || !mayBeBehindStreet(reading, at, BACK)) return false;
  const before = reading.text.slice(Math.max(reading.from, at - BACK), at);
  const box = BOX.exec(before);
  const street = box ?? BEFORE.exec(before);
  if (!street) return false;
  HOUSE.lastIndex = at;
  const house = HOUSE.exec(reading.text)?.[0];
  const isNumber = house !== undefined || box !== null;
  if (isNumber) add(reading, at - before.length + street.index, at + (house?.length ?? reading.run.length(0)), 0.8);
  return isNumber;
}

/** Behind a copyright, and the address that licences give: nobody lives there. */
const NOBODYS = /(?:(?:\(c\)|©|copyright):?|Foundation,\s{1,6}Inc\.,?)\s{0,8}$/i;
/** The number of a building or a flat before a street that has one of its own: `12 Hauptstraße 5`, `7 24 Clarke Avenue`. */
const BUILDING = /(?:[\n>?|:;,] ?|(?<![\p{L}\d])(?:at|is|to|and|on|are|from|in) )(\d{1,5}) $/iu;
const BUILDING_BACK = 16;

function withBuilding(reading: Reading, start: number): number {
  const from = Math.max(reading.from, start - BUILDING_BACK);
  const before = `${from === reading.from ? '\n' : ''}${reading.text.slice(from, start)}`;
  const building = BUILDING.exec(before)?.[1];
  return building === undefined ? start : start - 1 - building.length;
}

/** Takes in the flat, the code and the town that follow. */
function add(reading: Reading, street: number, end: number, confidence: number): void {
  const start = withBuilding(reading, street);
  TAIL.lastIndex = end;
  const tail = TAIL.exec(reading.text)?.[0].length ?? 0;
  const all = Math.min(reading.end, end + tail);
  if (start < reading.taken) return;
  if (NOBODYS.test(reading.text.slice(Math.max(reading.from, start - 24), start))) {
    reading.taken = all;
    return;
  }
  const sure = tail > 5 ? confidence + 0.1 : confidence;
  reading.add({
    type: 'STREET_ADDRESS',
    start,
    end: all,
    confidence: sure,
    proof: 2,
    detector: 'street-address',
    why: 'a street and a number',
  });
}

export const streetAddress: Detector = {
  name: 'street-address',
  types: ['STREET_ADDRESS'],
  run: lookAtRun,
  shortCode: lookAtShortCode,
};

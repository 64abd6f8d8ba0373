/** A day as it stands in a text, and how to write another one in its place. */
export interface WrittenDate {
  year: number;
  /** From 1. */
  month: number;
  day: number;
  write: (day: Date) => string;
}

/** From January on, in each language; what is written like a name of one list is written in the same list. */
const MONTHS: readonly (readonly string[])[] = [
  'january february march april may june july august september october november december',
  'jan feb mar apr may jun jul aug sep oct nov dec',
  'januar februar märz april mai juni juli august september oktober november dezember',
  'janvier février mars avril mai juin juillet août septembre octobre novembre décembre',
  'enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre',
  'gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre',
  'janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro',
  'stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia',
  'januari februari maart april mei juni juli augustus september oktober november december',
].map((names) => names.split(' '));

const NUMBERS = /(?<![\d/-])(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})(?!\d)/;
const IDEOGRAPHS = /(\d{4})(年)(\d{1,2})月(\d{1,2})/;
const BARE = /(?<!\d)((?:19|20)\d{2})(\d{2})(\d{2})(?!\d)/;
const DAY_FIRST =
  /(\d{1,2})([^\p{L}\d]*(?:st|nd|rd|th|er|º)?[^\p{L}\d]*(?:of |de |di |d')?)(\p{L}{3,})([^\d\p{L}]*(?:de |del )?)(\d{4})/u;
const MONTH_FIRST = /(\p{L}{3,})([^\d\p{L}]*)(\d{1,2})((?:st|nd|rd|th)?[^\d\p{L}]*)(\d{4})/u;

/** The first day that stands in a value; null where none is understood. */
export function writtenDate(value: string): WrittenDate | null {
  return inNumbers(value) ?? bare(value) ?? inWords(value);
}

function inNumbers(value: string): WrittenDate | null {
  const found = NUMBERS.exec(value) ?? IDEOGRAPHS.exec(value);
  if (!found) return null;
  const [whole, first, separator, second, third] = found as unknown as [string, string, string, string, string];
  const isYearFirst = first.length === 4;
  if (!isYearFirst && first.length > 2) return null;
  const isMonthFirst = separator === '/' ? Number(first) <= 12 : Number(second) > 12;
  const places = isYearFirst ? [0, 1, 2] : isMonthFirst ? [2, 0, 1] : [2, 1, 0];
  const parts = [first, second, third];
  const [year, month, day] = places.map((place) => parts[place]!) as [string, string, string];
  const written = checked(fullYear(year), Number(month), Number(day));
  if (!written) return null;
  const isPadded = parts.some((part) => part.startsWith('0')) || (month.length === 2 && day.length === 2);
  return {
    ...written,
    write: (to) => {
      const out = ['', '', ''];
      out[places[0]!] = String(to.getUTCFullYear()).slice(-year.length);
      out[places[1]!] = String(to.getUTCMonth() + 1).padStart(isPadded ? 2 : 1, '0');
      out[places[2]!] = String(to.getUTCDate()).padStart(isPadded ? 2 : 1, '0');
      const joined = separator === '年' ? `${out[0]}年${out[1]}月${out[2]}` : out.join(separator);
      return replaced(value, found.index, whole, joined);
    },
  };
}

function bare(value: string): WrittenDate | null {
  const found = BARE.exec(value);
  const written = found && checked(Number(found[1]), Number(found[2]), Number(found[3]));
  if (!written) return null;
  return {
    ...written,
    write: (to) => replaced(value, found.index, found[0], to.toISOString().slice(0, 10).replaceAll('-', '')),
  };
}

function inWords(value: string): WrittenDate | null {
  const dayFirst = DAY_FIRST.exec(value);
  const found = dayFirst ?? MONTH_FIRST.exec(value);
  if (!found) return null;
  const [whole, first, second, third, fourth, year] = found as unknown as [string, ...string[]] & { 5: string };
  const [day, name] = dayFirst ? [first!, third!] : [third!, first!];
  const names = MONTHS.find((each) => each.includes(name.toLowerCase()));
  const written = names && checked(Number(year), names.indexOf(name.toLowerCase()) + 1, Number(day));
  if (!written) return null;
  return {
    ...written,
    write: (to) => {
      const month = likeCase(names[to.getUTCMonth()]!, name);
      const [one, three] = dayFirst ? [String(to.getUTCDate()), month] : [month, String(to.getUTCDate())];
      const between = dayFirst ? [ordinal(second!, to), fourth!] : [second!, ordinal(fourth!, to)];
      return replaced(value, found.index, whole, one + between[0]! + three + between[1]! + to.getUTCFullYear());
    },
  };
}

function ordinal(between: string, to: Date): string {
  const day = to.getUTCDate();
  const end = (day > 3 && day < 21 ? undefined : ['', 'st', 'nd', 'rd'][day % 10]) || 'th';
  return between.replace(/^(?:st|nd|rd|th)/, end);
}

function likeCase(name: string, like: string): string {
  if (like === like.toUpperCase()) return name.toUpperCase();
  return like.charAt(0) === like.charAt(0).toLowerCase() ? name : name.charAt(0).toUpperCase() + name.slice(1);
}

/** Of two digits the year that was last. */
function fullYear(year: string): number {
  const number = Number(year);
  if (year.length > 2) return number;
  return number > 30 ? 1900 + number : 2000 + number;
}

function checked(year: number, month: number, day: number): Omit<WrittenDate, 'write'> | null {
  const date = new Date(Date.UTC(year, month - 1, day));
  const isDay = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && year >= 1000;
  return isDay ? { year, month, day } : null;
}

function replaced(value: string, at: number, whole: string, by: string): string {
  return value.slice(0, at) + by + value.slice(at + whole.length);
}

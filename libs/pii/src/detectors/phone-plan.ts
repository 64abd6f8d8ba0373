import metadata from 'libphonenumber-js/max/metadata';

/** As libphonenumber keeps a country: its calling code, its prefix for calls inside, and the numbers of each kind. */
interface Country {
  name: string;
  callingCode: string;
  trunk: string;
  numbers: RegExp;
}

type Row = readonly [code: string, idd: string, all: string, lengths: unknown, formats: unknown, trunk?: string | 0];
type Kind = readonly [pattern: string] | 0;
const KINDS_AT = 11;

const rows = metadata.countries as unknown as Readonly<Record<string, Row>>;
const byCallingCode = metadata.country_calling_codes as unknown as Readonly<Record<string, readonly string[]>>;
const countries = new Map<string, Country>();

/** Made when first asked for: the expressions of all countries together would take a while. */
function country(name: string): Country | null {
  const known = countries.get(name);
  if (known) return known;
  const row = rows[name];
  if (!row) return null;
  const kinds = ((row as readonly unknown[])[KINDS_AT] ?? []) as readonly Kind[];
  const patterns = kinds.filter((kind) => kind !== 0).map((kind) => kind[0]);
  const made: Country = {
    name,
    callingCode: row[0],
    trunk: row[5] || '',
    numbers: new RegExp(`^(?:${(patterns.length > 0 ? patterns : [row[2]]).join('|')})$`),
  };
  countries.set(name, made);
  return made;
}

/** `+`, calling code and number, for digits that begin with a calling code; null when no country has such a number. */
export function international(digits: string): string | null {
  for (let length = 1; length <= 3; length += 1) {
    for (const name of byCallingCode[digits.slice(0, length)] ?? []) {
      const there = country(name);
      if (!there) continue;
      const rest = digits.slice(length);
      const national = there.numbers.test(rest) ? rest : withoutTrunk(there, rest);
      if (national !== null) return `+${there.callingCode}${national}`;
    }
  }
  return null;
}

/** Where mobile numbers are written without the prefix for calls inside. */
const WITHOUT_TRUNK = new Set(['CN', 'IN', 'BR', 'AR', 'MX', 'CO', 'PE', 'CL', 'VN', 'PH', 'NG', 'PK', 'SA', 'EG']);

/** The same for digits as they are dialled inside a country. */
export function inside(name: string, digits: string): string | null {
  const there = country(name);
  if (!there) return null;
  const stripped = withoutTrunk(there, digits);
  if (stripped !== null) return `+${there.callingCode}${stripped}`;
  const isComplete =
    (there.trunk === '' || there.trunk === '1' || there.trunk === '8' || WITHOUT_TRUNK.has(name)) &&
    there.numbers.test(digits);
  return isComplete ? `+${there.callingCode}${digits}` : null;
}

function withoutTrunk(there: Country, digits: string): string | null {
  if (there.trunk === '' || !digits.startsWith(there.trunk)) return null;
  const rest = digits.slice(there.trunk.length);
  return there.numbers.test(rest) ? rest : null;
}

/** Countries whose own way of writing is tried where nothing says which it is; those with most speakers first. */
export const TRIED = [
  'US',
  'GB',
  'DE',
  'FR',
  'IT',
  'ES',
  'NL',
  'PL',
  'PT',
  'SE',
  'NO',
  'DK',
  'FI',
  'BE',
  'CH',
  'AT',
  'IE',
  'CZ',
  'HU',
  'GR',
  'TR',
  'IN',
  'AU',
  'NZ',
  'JP',
  'CN',
  'KR',
  'BR',
  'MX',
  'AR',
  'ZA',
  'IL',
  'RO',
  'BG',
  'HR',
  'SI',
  'SK',
  'UA',
  'RU',
  'SG',
  'HK',
  'TW',
  'TH',
  'MY',
  'ID',
  'PH',
  'VN',
  'NG',
  'KE',
  'EG',
  'SA',
  'AE',
  'PK',
  'CL',
  'CO',
  'PE',
  'EE',
  'LT',
  'LV',
  'IS',
  'LU',
];

/** The number as E.164 in the first of the countries that has it. */
export function insideAny(names: readonly string[], digits: string): string | null {
  for (const name of names) {
    const number = inside(name, digits);
    if (number) return number;
  }
  return null;
}

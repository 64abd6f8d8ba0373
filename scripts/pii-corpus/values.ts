// Values with the check digits of their kind, and sentences they are said in; % is the value.
import { luhnDigit } from '../sample-data/checksums.ts';
import type { Random } from '../sample-data/random.ts';

export interface Kind {
  type: string;
  make: (random: Random) => string;
  sentences: readonly string[];
}

const DIGITS = '0123456789';
const CAPITALS = 'ABCDEFGHJKLMNPRSTUVWXYZ';

/** Digits drawn until the weighted sum leaves the rest that is asked for. */
function weighing(weights: readonly number[], modulus: number): (random: Random) => string {
  return (random) => {
    for (;;) {
      const digits = String(random.between(1, 9)) + random.text(DIGITS, weights.length - 1);
      const sum = weights.reduce((total, weight, i) => total + weight * Number(digits[i]), 0);
      if (sum % modulus === 0) return digits;
    }
  };
}

function luhn(prefixes: readonly string[], length: number): (random: Random) => string {
  return (random) => {
    const prefix = random.pick(prefixes);
    const body = prefix + random.text(DIGITS, length - prefix.length - 1);
    return body + luhnDigit(body);
  };
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}

function nif(random: Random): string {
  const number = random.between(10_000_000, 99_999_999);
  return `${number}${'TRWAGMYFPDXBNJZSQVHLCKE'.charAt(number % 23)}`;
}

function pesel(random: Random): string {
  const body = `${two(random.between(40, 99))}${two(random.between(1, 12))}${two(random.between(1, 28))}${random.text(DIGITS, 4)}`;
  const sum = [1, 3, 7, 9, 1, 3, 7, 9, 1, 3].reduce((total, weight, i) => total + weight * Number(body[i]), 0);
  return body + String((10 - (sum % 10)) % 10);
}

function routing(random: Random): string {
  for (;;) {
    const digits = two(random.between(1, 12)) + random.text(DIGITS, 7);
    const sum = [3, 7, 1, 3, 7, 1, 3, 7, 1].reduce((total, weight, i) => total + weight * Number(digits[i]), 0);
    if (sum % 10 === 0) return digits;
  }
}

function born(random: Random): string {
  const [day, month, year] = [random.between(1, 28), random.between(1, 12), random.between(1930, 2012)];
  return random.pick([
    `${year}-${two(month)}-${two(day)}`,
    `${two(day)}.${two(month)}.${year}`,
    `${month}/${day}/${year}`,
  ]);
}

function mac(random: Random): string {
  return Array.from({ length: 6 }, () => random.text('0123456789abcdef', 2)).join(random.pick([':', '-']));
}

function password(random: Random): string {
  return (
    random.text('abcdefghkmnpqrstuvwxyz', 5) +
    random.pick(['!', '#', '$', '_']) +
    random.text(`${CAPITALS}${DIGITS}`, 5)
  );
}

export const KINDS_OF_PAPERS: readonly Kind[] = [
  { type: 'MAC_ADDRESS', make: mac, sentences: ['The card has the MAC address %.', 'mac=%', 'ether % on eth0'] },
  { type: 'IMEI', make: luhn(['35', '86', '01'], 15), sentences: ['IMEI: %', 'My phone (IMEI %) was stolen.'] },
  {
    type: 'US_NPI',
    make: (random) => luhn(['808401', '808402'], 15)(random).slice(5),
    sentences: ['NPI %', 'The NPI of the doctor is %.'],
  },
  {
    type: 'NL_BSN',
    make: weighing([9, 8, 7, 6, 5, 4, 3, 2, 10], 11),
    sentences: ['BSN: %', 'Mijn burgerservicenummer is %.'],
  },
  { type: 'PL_PESEL', make: pesel, sentences: ['PESEL: %', 'Mój PESEL to %.'] },
  { type: 'ES_NIF', make: nif, sentences: ['DNI %', 'Mi NIF es %.'] },
  { type: 'US_ABA_ROUTING', make: routing, sentences: ['routing number %', 'Use ABA % for the wire.'] },
  {
    type: 'DATE_OF_BIRTH',
    make: born,
    sentences: ['She was born on %.', 'Geburtsdatum: %', 'Date of birth: %', 'Née le %', 'dob=%'],
  },
  {
    type: 'PASSPORT',
    make: (random) => random.text(CAPITALS, 1) + random.text(DIGITS, 8),
    sentences: ['Passport number: %', 'My passport no. is %.', 'Pasaporte: %'],
  },
  {
    type: 'LICENSE_PLATE',
    make: (random) => `${random.text(CAPITALS, 2)}-${random.text(CAPITALS, 2)} ${random.between(10, 9999)}`,
    sentences: ['Kennzeichen %', 'license plate: %', 'The car with plate % was towed.'],
  },
  {
    type: 'PASSWORD',
    make: password,
    sentences: ['The password is %', 'password: %', 'Mein Passwort lautet %', 'pwd=%'],
  },
  {
    type: 'USERNAME',
    make: (random) => `${random.text('abcdefghijkl', 5)}_${random.between(10, 99)}`,
    sentences: ['username: %', 'user=%', 'My user name is %.'],
  },
  {
    type: 'COORDINATES',
    make: (random) =>
      `${random.between(30, 60)}.${random.text(DIGITS, 5)}1, ${random.between(20, 90)}.${random.text(DIGITS, 5)}7`,
    sentences: ['Seen at %.', 'GPS: %', 'coordinates %'],
  },
];

/** What is written like one of those and is none. */
export const NOBODYS: readonly string[] = [
  'Order # was shipped.',
  'Invoice no. # of 2024-03-05',
  'version 10.#.2.1 of the package',
  'commit 9fceb02d0ae598e95dc970b74767f19372d61a#',
  'id 123e4567-e89b-12d3-a456-4266#',
  'ISBN 978-3-16-148410-0, page #',
  'The total is 1,2#,567.89 or # pieces.',
  'at 12:34:56 on 2024-01-15, row #',
  'sku # in lot 44#',
  'password: ******, token: <your token>, row #',
  'timestamp 17188598541#',
  'The file has # lines and 4# words.',
  'build 4.3.2.# of release 7',
  'checksum 0x#f0 at offset #',
];

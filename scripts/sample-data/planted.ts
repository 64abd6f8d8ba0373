import { BASE62, githubChecksum, ibanCheckDigits, luhnDigit } from './checksums.ts';
import { DOMAINS, FIRST_NAMES, LAST_NAMES } from './people.ts';
import type { Random } from './random.ts';

/** The kinds of personal data and secrets that are planted; the names are those of the product's detectors. */
export type PlantedType =
  | 'EMAIL_ADDRESS'
  | 'PHONE_NUMBER'
  | 'CREDIT_CARD'
  | 'IBAN'
  | 'US_SSN'
  | 'IP_ADDRESS'
  | 'API_KEY'
  | 'JWT'
  | 'PRIVATE_KEY';

interface Kind {
  /** A new value: valid in shape and checksum, made up in every other way. */
  make: (random: Random) => string;
  /** Sentences around it, `%` standing for the value. */
  sentences: readonly string[];
  /** Keys it is found under in metadata. */
  keys: readonly string[];
}

const DIGITS = '0123456789';
const BASE64URL = `${BASE62}-_`;

/** Ranges that regulators keep free for films and examples (NANPA 555-01xx, Ofcom, Bundesnetzagentur, ARCEP). `#` is any digit. */
const PHONES = [
  '+1 212-555-01##',
  '(415) 555-01##',
  '312-555-01##',
  '+1 (206) 555-01##',
  '+44 20 7946 0###',
  '020 7946 0###',
  '0161 496 0###',
  '+44 117 496 0###',
  '+49 30 23125###',
  '+49 89 99998###',
  '+49 40 66969###',
  '+49 171 39200##',
  '+33 4 65 71 ## ##',
  '+33 1 99 00 ## ##',
  '05 36 49 ## ##',
];

/** The beginnings of the numbers that payment companies publish for tests, and how long the whole number is. */
const CARDS: readonly (readonly [prefix: string, length: number])[] = [
  ['411111', 16],
  ['424242', 16],
  ['400005', 16],
  ['555555', 16],
  ['510510', 16],
  ['601111', 16],
  ['353011', 16],
  ['378282', 15],
  ['371449', 15],
];

/** Countries whose account numbers hold no second checksum inside. `A` is a letter, `#` a digit. */
const IBANS: readonly (readonly [country: string, bban: string])[] = [
  ['DE', '##################'],
  ['GB', 'AAAA##############'],
  ['AT', '################'],
  ['CH', '#################'],
  ['IE', 'AAAA##############'],
];

function filled(random: Random, pattern: string): string {
  return pattern.replaceAll(/[#A]/g, (place) =>
    place === '#' ? String(random.below(10)) : random.text('ABCDEFGHIJKLMNOPQRSTUVWXYZ', 1),
  );
}

function email(random: Random): string {
  const [first, last] = [ascii(random.pick(FIRST_NAMES)), ascii(random.pick(LAST_NAMES))];
  const local = random.pick([
    `${first}.${last}`,
    `${first}${last}`,
    `${first[0]}.${last}`,
    `${last}_${first}`,
    `${first}.${last}+news`,
    `${first}-${last}`,
  ]);
  return `${local}${random.between(1, 9999)}@${random.pick(DOMAINS)}`;
}

function ascii(name: string): string {
  return name
    .normalize('NFD')
    .replaceAll(/[^A-Za-z]/g, '')
    .toLowerCase();
}

function phone(random: Random): string {
  return filled(random, random.pick(PHONES));
}

function card(random: Random): string {
  const [prefix, length] = random.pick(CARDS);
  const body = prefix + random.text(DIGITS, length - prefix.length - 1);
  const number = body + luhnDigit(body);
  const groups = length === 15 ? /^(.{4})(.{6})(.{5})$/ : /^(.{4})(.{4})(.{4})(.{4})$/;
  const separator = random.pick(['', ' ', '-']);
  return (groups.exec(number) ?? []).slice(1).join(separator);
}

function iban(random: Random): string {
  const [country, pattern] = random.pick(IBANS);
  const bban = filled(random, pattern);
  const compact = country + ibanCheckDigits(country, bban) + bban;
  return random.below(2) === 0 ? compact : compact.replaceAll(/(.{4})(?=.)/g, '$1 ');
}

/** Areas 000, 666 and 900 up, group 00 and serial 0000 are never given out (Social Security Administration). */
function ssn(random: Random): string {
  const area = random.between(1, 898);
  const three = String(area >= 666 ? area + 1 : area).padStart(3, '0');
  return `${three}-${String(random.between(1, 99)).padStart(2, '0')}-${String(random.between(1, 9999)).padStart(4, '0')}`;
}

function ip(random: Random): string {
  if (random.below(4) === 0) {
    const groups = Array.from({ length: 6 }, () => random.between(0x1000, 0xffff).toString(16));
    return `2a0${random.between(1, 9)}:${random.between(0x100, 0xfff).toString(16)}:${groups.join(':')}`;
  }
  return [
    random.pick([23, 31, 45, 62, 77, 81, 91, 109, 146, 178, 188, 212]),
    random.below(256),
    random.below(256),
    random.between(1, 254),
  ].join('.');
}

function apiKey(random: Random): string {
  switch (random.below(5)) {
    case 0:
      return `AKIA${random.text('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 16)}`;
    case 1: {
      const body = random.text(BASE62, 30);
      return `ghp_${body}${githubChecksum(body)}`;
    }
    case 2:
      return `xoxb-${random.text('123456789', 12)}-${random.text('123456789', 13)}-${random.text(BASE62, 24)}`;
    case 3:
      return `sk_live_${random.text(BASE62, 24)}`;
    default:
      return `sk-${random.text(BASE62, 20)}T3BlbkFJ${random.text(BASE62, 20)}`;
  }
}

function jwt(random: Random): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const issued = random.between(1_700_000_000, 1_760_000_000);
  const claims = { sub: random.text(DIGITS, 10), iat: issued, exp: issued + 3600 };
  return `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}.${random.text(BASE64URL, 43)}`;
}

/** The outside of a P-256 key in PKCS#8 (RFC 5958); its inside is noise, so it opens nothing. */
function privateKey(random: Random): string {
  const body = `MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg${random.text(`${BASE62}+/`, 136)}`;
  return ['-----BEGIN PRIVATE KEY-----', ...(body.match(/.{1,64}/g) ?? []), '-----END PRIVATE KEY-----'].join('\n');
}

export const KINDS: Record<PlantedType, Kind> = {
  EMAIL_ADDRESS: {
    make: email,
    keys: ['email', 'contact', 'reply_to'],
    sentences: [
      'Please write to % when it is done.',
      'You can reach me at %, thanks!',
      'Meine E-Mail-Adresse ist %.',
      'Mon adresse : %',
      '📧 % ✨',
      'メールは % までお願いします。',
      'cc: %;',
    ],
  },
  PHONE_NUMBER: {
    make: phone,
    keys: ['phone', 'mobile', 'tel'],
    sentences: [
      'Call me on % after six.',
      'My phone number is %.',
      'Telefon: %',
      'Mon numéro de téléphone est le %.',
      '☎️ % 👈',
      'Mi teléfono es el %.',
    ],
  },
  CREDIT_CARD: {
    make: card,
    keys: ['card_number', 'credit_card'],
    sentences: [
      'The payment with card % was declined.',
      'Charge it to my credit card: %.',
      'Meine Kreditkarte % wurde abgelehnt.',
      '💳 % 😬',
      'Tarjeta de crédito: %',
    ],
  },
  IBAN: {
    make: iban,
    keys: ['iban', 'account'],
    sentences: [
      'Please transfer the refund to %.',
      'IBAN: %',
      'Überweisen Sie bitte auf %.',
      'Mon IBAN est %.',
      '🏦 %',
    ],
  },
  US_SSN: {
    make: ssn,
    keys: ['ssn', 'social_security_number'],
    sentences: [
      'My social security number is %.',
      'SSN: %',
      'The form asks for the SSN, which is %, and a signature.',
      '🆔 SSN % 🤫',
    ],
  },
  IP_ADDRESS: {
    make: ip,
    keys: ['ip', 'client_ip', 'remote_addr'],
    sentences: [
      'The request came from %.',
      'I cannot reach % since this morning.',
      'Der Zugriff kam von der IP-Adresse %.',
      '🌍 % 🔥',
      'ping % times out',
    ],
  },
  API_KEY: {
    make: apiKey,
    keys: ['api_key', 'token', 'secret'],
    sentences: [
      'It fails although I set the key to %.',
      'export API_KEY=%',
      'Why is % rejected?',
      '🔑 % 🔑',
      'Der Schlüssel % steht noch im Skript.',
    ],
  },
  JWT: {
    make: jwt,
    keys: ['access_token', 'jwt'],
    sentences: ['Authorization: Bearer %', 'Can you decode % for me?', 'Das Token % ist abgelaufen.', '🎟️ %'],
  },
  PRIVATE_KEY: {
    make: privateKey,
    keys: ['private_key', 'pem'],
    sentences: [
      'This is what I have in the file:\n%\nIs it the right format?',
      '%',
      'Ist das der richtige Schlüssel?\n%',
    ],
  },
};

/** Drawn as often as it is named: contacts are common, private keys are rare and long. */
export const DRAWN: readonly PlantedType[] = [
  'EMAIL_ADDRESS',
  'EMAIL_ADDRESS',
  'EMAIL_ADDRESS',
  'EMAIL_ADDRESS',
  'EMAIL_ADDRESS',
  'PHONE_NUMBER',
  'PHONE_NUMBER',
  'PHONE_NUMBER',
  'CREDIT_CARD',
  'CREDIT_CARD',
  'IBAN',
  'IBAN',
  'US_SSN',
  'US_SSN',
  'IP_ADDRESS',
  'IP_ADDRESS',
  'API_KEY',
  'API_KEY',
  'JWT',
  'PRIVATE_KEY',
];

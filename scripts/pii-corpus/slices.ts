// Slices of text that are measured each alone, so that what is easy does not hide what is hard.
import { KINDS } from '../sample-data/planted.ts';
import { Generator, type Labelled } from './generate.ts';
import { IDS, shaped } from './ids.ts';
import { SOCIAL } from './social.ts';
import { type Kind, KINDS_OF_PAPERS } from './values.ts';

const TEXTS = 200;
const SEED = 20_270;

const kind = (type: string, make: Kind['make'], ...sentences: string[]): Kind => ({ type, make, sentences });
const KNOWN: readonly Kind[] = [
  ...KINDS_OF_PAPERS,
  ...Object.entries(KINDS).map(([type, { make, sentences }]) => ({ type, make, sentences })),
];
const known = (...types: string[]): Kind[] => KNOWN.filter(({ type }) => types.includes(type));

const NATIONAL: readonly Kind[] = [
  ...known('US_SSN', 'NL_BSN', 'PL_PESEL', 'ES_NIF'),
  kind('CA_SIN', IDS.sin, 'SIN: %', 'My social insurance number is %.'),
  kind('ZA_ID', IDS.zaId, 'His RSA ID is %.', 'South African ID: %'),
  kind('SE_PERSONNUMMER', IDS.personnummer, 'Personnummer: %', 'Mitt personnummer är %.'),
  kind('BR_CPF', IDS.cpf, 'CPF %', 'O meu CPF é %.', 'cpf=%'),
  kind('FR_NIR', IDS.nir, 'Numéro de sécurité sociale : %', 'NIR %'),
  kind('CH_AHV', IDS.ahv, 'AHV-Nr. %', 'Meine AHV-Nummer lautet %.'),
  kind('BE_NRN', IDS.nrn, 'Rijksregisternummer %', 'mon numéro est le %'),
  kind('FI_HETU', IDS.hetu, 'Henkilötunnus: %', 'hetu %'),
  kind('UK_NINO', IDS.nino, 'NI number %', 'Her national insurance number is %.'),
];
const TAX: readonly Kind[] = [
  kind('PT_NIF', IDS.nifPt, 'O meu NIF é %.', 'Contribuinte: %'),
  kind('AU_TFN', IDS.tfn, 'TFN %', 'My tax file number is %.'),
  kind('AU_ABN', IDS.abn, 'ABN %', 'The Australian business number is %.'),
  kind('IN_PAN', IDS.pan, 'PAN: %', 'Permanent account number % on file'),
  kind('US_EIN', shaped('#9-9999999'), 'EIN: %', 'Our employer identification number is %.'),
];
const MEDICAL: readonly Kind[] = [
  ...known('US_NPI'),
  kind('US_MBI', IDS.mbi, 'Medicare number %', 'MBI: %'),
  kind('UK_NHS', IDS.nhs, 'NHS number %', 'Her NHS no. is %.'),
  kind('MEDICAL_LICENSE', IDS.dea, 'DEA number %', 'Prescriber DEA: %'),
  kind('MRN', shaped('#9999999'), 'MRN: %', 'Medical record number %', 'The patient (MRN %) was seen.'),
  kind('HEALTH_INSURANCE', shaped('A99999999X'), 'Member ID: %', 'insurance policy number %'),
];
const LICENCES: readonly Kind[] = [
  kind('DRIVER_LICENSE', shaped('A9999999'), "driver's license %", 'DL number: %', 'My driving licence is %.'),
  kind('DRIVER_LICENSE', shaped('A999-9999-9999'), "Driver's license number: %", 'license no. %'),
  kind('DRIVER_LICENSE', shaped('99999999'), 'Permis de conduire : %', 'Driver license: %'),
];
const PLATES: readonly Kind[] = [
  ...known('LICENSE_PLATE', 'USERNAME', 'PASSWORD'),
  kind('LICENSE_PLATE', shaped('AB#9 CDE'), 'reg. %', 'The number plate is %.', 'registration: %'),
  kind('LICENSE_PLATE', shaped('AB-999-CD'), 'immatriculation %', 'Plaque : %'),
  kind('USERNAME', shaped('kestrel99'), 'login: %', 'user name %', '"username": "%"'),
  kind('PASSWORD', shaped('Tr9ub4dor&9'), 'password is %', 'DB_PASSWORD=%', '"password": "%"', 'mot de passe : %'),
];
const DEVICES: readonly Kind[] = [
  ...known('COORDINATES', 'MAC_ADDRESS'),
  kind('IMEI', IDS.imei, 'IMEI %', 'The handset with IMEI % is blocked.', '"imei": "%"'),
  kind('VIN', shaped('WDB#AAB9#9A99999#'), 'VIN %', 'Fahrgestellnummer: %', 'chassis no. %'),
  kind('COORDINATES', shaped('-3#.9999#, 15#.9999#'), 'at % (GPS)', 'location: %', 'lat/lon %'),
];

/** Sentences such as those that generators of test data fill. */
const SENTENCES: readonly string[] = [
  'My name appears incorrectly on my statement. Could you please correct it to {P}?',
  'Please transfer all funds from my account to {P}, {IBAN}.',
  'Who is coming to {COUNTRY2} with me?',
  '{P} lives in {CITY2}, and his number is {PHONE}.',
  'Hi, I am {P}, originally from {COUNTRY2}, reach me at {EMAIL}.',
  'We moved here from {CITY2} in {YEAR}.',
  '{F} was born in {CITY2}.',
  'Address: {STREET}',
  'My address is {STREET}, it is in {CITY2}.',
  'Send it to {P}, {STREET}.',
];
const STREETS: readonly string[] = [
  'I live at {STREET}.',
  'Ship it to {STREET}, please.',
  'Address: {STREET}',
  'Anschrift: {STREET}',
  'The office at {STREET} is closed.',
];

function ofKinds(generator: Generator, kinds: readonly Kind[]): Labelled {
  const { random } = generator;
  const { type, make, sentences } = random.pick(kinds);
  const sentence = random.pick(sentences);
  const at = sentence.indexOf('%');
  const value = make(random);
  const text = sentence.slice(0, at) + value + sentence.slice(at + 1);
  const one = { text, spans: [{ type, start: at, end: at + value.length }] };
  return random.below(3) > 0 ? one : after(`${generator.fill('{W} the {w}.').text} `, one);
}

function after(lead: string, { text, spans }: Labelled): Labelled {
  const by = lead.length;
  return { text: lead + text, spans: spans.map((span) => ({ ...span, start: span.start + by, end: span.end + by })) };
}

const NEUTRAL = known('EMAIL_ADDRESS', 'PHONE_NUMBER', 'CREDIT_CARD', 'IBAN', 'IP_ADDRESS', 'US_SSN', 'US_ABA_ROUTING');
const ALL: readonly Kind[] = [...KNOWN, ...NATIONAL, ...TAX, ...MEDICAL, ...LICENCES, ...PLATES, ...DEVICES];

const SLICES: Readonly<Record<string, (generator: Generator) => Labelled>> = {
  'structured, neutral': (generator) => ofKinds(generator, NEUTRAL),
  'sentences of generators': (generator) => generator.fill(generator.random.pick(SENTENCES)),
  'broad coverage': (generator) => ofKinds(generator, ALL),
  'noisy social text': (generator) => generator.fill(generator.random.pick(SOCIAL)),
  'national ids': (generator) => ofKinds(generator, NATIONAL),
  'tax ids': (generator) => ofKinds(generator, TAX),
  'medical ids': (generator) => ofKinds(generator, MEDICAL),
  'driver licences': (generator) => ofKinds(generator, LICENCES),
  'plates, usernames, passwords': (generator) => ofKinds(generator, PLATES),
  'street addresses': (generator) => generator.fill(generator.random.pick(STREETS)),
  'VIN, IMEI, coordinates': (generator) => ofKinds(generator, DEVICES),
};

export interface Slice {
  name: string;
  texts: Labelled[];
}

/** The same texts each time; a slice of its own seed, so that one more slice changes none of the others. */
export function slices(): Slice[] {
  return Object.entries(SLICES).map(([name, make], index) => {
    const generator = new Generator(SEED + index, true);
    return { name, texts: Array.from({ length: TEXTS }, () => make(generator)) };
  });
}

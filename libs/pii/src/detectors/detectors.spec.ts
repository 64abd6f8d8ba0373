import { allDetectors } from '../all-detectors.ts';
import { PiiScanner } from '../pii-scanner.ts';
import { piiTypes } from '../pii-type.ts';

const scanner = new PiiScanner();

function found(text: string): string[] {
  return scanner.scanText(text).map(({ type, start, end }) => `${type} ${text.slice(start, end)}`);
}

/** Each: the type, a text with ⟦the value⟧ marked. */
const FOUND: readonly (readonly [string, string])[] = [
  ['EMAIL_ADDRESS', 'write to ⟦ann.o+news@mail.example.org⟧, please'],
  ['EMAIL_ADDRESS', '<⟦ANN@EXAMPLE.ORG⟧>'],
  ['PERSON', '@ ⟦quolbert⟧ you are right , it does .'],
  ['PERSON', 'RT @ ⟦NathanQuist⟧ : this is it'],
  ['PERSON', 'RT @ ⟦gabrielquist _ 7⟧ : this is it'],
  ['PHONE_NUMBER', 'Call ⟦+1 (212) 555-0142⟧ now'],
  ['PHONE_NUMBER', 'call me: ⟦(415) 555-0132 ext. 12⟧'],
  ['PHONE_NUMBER', 'Tel. ⟦020 7946 0123⟧'],
  ['PHONE_NUMBER', 'Rückruf unter ⟦+49 (0)30 23125123⟧ bitte'],
  ['PHONE_NUMBER', 'mon numéro est le ⟦05 36 49 12 34⟧.'],
  ['PHONE_NUMBER', '电话：⟦13800138000⟧。'],
  ['IP_ADDRESS', 'from ⟦192.168.10.20⟧ today'],
  ['IP_ADDRESS', 'from [⟦2001:db8::8a2e:370:7334⟧]:443'],
  ['IP_ADDRESS', 'block ⟦::ffff:10.42.137.190⟧ now'],
  ['IP_ADDRESS', 'allow ⟦203.0.113.0/24⟧ only'],
  ['MAC_ADDRESS', 'at ⟦8d:68:06:ac:9e:92⟧ on en0'],
  ['MAC_ADDRESS', 'MAC ⟦01-23-45-67-89-AB⟧'],
  ['MAC_ADDRESS', 'arp ⟦9e87.0ba5.18ae⟧'],
  ['CREDIT_CARD', 'paid with ⟦4111 1111 1111 1111⟧ today'],
  ['CREDIT_CARD', 'amex ⟦3782-822463-10005⟧'],
  ['CARD_CVV', 'the CVV is ⟦123⟧'],
  ['CARD_EXPIRY', 'expires ⟦11/28⟧'],
  ['IBAN', 'to ⟦GB82 WEST 1234 5698 7654 32⟧ please'],
  ['IBAN', 'x;⟦de89370400440532013000⟧;y'],
  ['SWIFT_BIC', 'SWIFT: ⟦DEUTDEFF500⟧'],
  ['US_BANK_NUMBER', 'bank account no. ⟦6669704239⟧'],
  ['US_ABA_ROUTING', 'routing number ⟦021000021⟧'],
  ['UK_SORT_CODE', 'sort code ⟦20-00-00⟧'],
  ['CRYPTO_ADDRESS', 'send to ⟦1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa⟧'],
  ['CRYPTO_ADDRESS', 'send to ⟦bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4⟧'],
  ['CRYPTO_ADDRESS', 'contract ⟦0xdbb9e5ae11e01bf4a0ac8a0c236b632fe02525ab⟧'],
  ['US_SSN', 'SSN ⟦219-09-9999⟧'],
  ['US_SSN', 'social security number: ⟦219099999⟧'],
  ['US_ITIN', 'ITIN ⟦912-70-1234⟧'],
  ['US_EIN', 'EIN: ⟦47-1029384⟧'],
  ['US_EIN', 'Our employer identification number is ⟦74-3640733⟧.'],
  ['AU_TFN', 'My tax file number is ⟦785313257⟧.'],
  ['DRIVER_LICENSE', 'Permis de conduire : ⟦63186911⟧'],
  ['UK_NINO', 'Her national insurance number is ⟦PB 67 15 43 C⟧.'],
  ['PASSPORT', 'Passport No. ⟦C01X00T47⟧'],
  ['PASSPORT', 'KYC: Ada Example; 04/08/1971; ⟦T3142358⟧; Lindenweg 4, 42220 Musterstadt'],
  ['PASSPORT', 'KYC | Example, Ada | ⟦K0512345X⟧ | 1971-08-04 | approved'],
  ['PASSPORT', 'kyc=Ada Example; ⟦114178019⟧; 28-May-2008'],
  ['DRIVER_LICENSE', "driver's license ⟦D9492003⟧"],
  ['UK_NINO', 'NI number ⟦AB 12 34 56 C⟧'],
  ['UK_NHS', 'NHS number ⟦943 476 5919⟧'],
  ['CA_SIN', 'SIN ⟦046 454 286⟧'],
  ['DE_TAX_ID', 'Steuer-ID ⟦86 095 742 719⟧'],
  ['FR_NIR', 'sécurité sociale ⟦2 55 08 14 168 025 38⟧'],
  ['ES_NIF', 'DNI ⟦12345678Z⟧'],
  ['ES_NIE', 'NIE ⟦X1234567L⟧'],
  ['IT_FISCAL_CODE', 'cf ⟦RSSMRA85T10A562S⟧'],
  ['PL_PESEL', 'PESEL ⟦44051401359⟧'],
  ['PT_NIF', 'NIF ⟦123456789⟧'.replace('123456789', '501964843')],
  ['NL_BSN', 'BSN ⟦111222333⟧'],
  ['BE_NRN', 'rijksregisternummer ⟦85.07.30-033.28⟧'],
  ['SE_PERSONNUMMER', 'personnummer ⟦811218-9876⟧'],
  ['FI_HETU', 'hetu ⟦131052-308T⟧'],
  ['DK_CPR', 'CPR ⟦010180-1234⟧'],
  ['CH_AHV', 'AHV ⟦756.9217.0769.85⟧'],
  ['TR_ID', 'TC kimlik ⟦10000000146⟧'],
  ['IN_PAN', 'PAN ⟦ABCPE1234F⟧'],
  ['AU_TFN', 'TFN ⟦123 456 782⟧'],
  ['AU_ABN', 'ABN ⟦51 824 753 556⟧'],
  ['SG_NRIC', 'NRIC ⟦S1234567D⟧'],
  ['TW_ID', '身分證 ⟦A123456789⟧'],
  ['HK_ID', 'HKID ⟦A123456(3)⟧'],
  ['CN_RIC', '身份证⟦11010519491231002X⟧'],
  ['KR_RRN', '주민등록번호 ⟦850101-1234567⟧'],
  ['BR_CPF', 'CPF ⟦529.982.247-25⟧'],
  ['BR_CNPJ', 'CNPJ ⟦11.222.333/0001-81⟧'],
  ['CL_RUT', 'RUT ⟦12.345.678-5⟧'],
  ['ZA_ID', 'RSA ID ⟦8001015009087⟧'],
  ['US_NPI', 'NPI ⟦1234567893⟧'],
  ['US_MBI', 'Medicare ⟦1EG4-TE5-MK73⟧'],
  ['MRN', 'MRN: ⟦00123456⟧'],
  ['VIN', 'VIN ⟦1M8GDM9AXKP042788⟧'],
  ['LICENSE_PLATE', 'Kennzeichen ⟦M-LF 3104⟧'],
  ['IMEI', 'IMEI ⟦490154203237518⟧'],
  ['PASSWORD', 'the password is ⟦Tr0ub4dor&3⟧.'],
  ['PASSWORD', "password='⟦correct horse⟧'"],
  ['PASSWORD', 'curl -u admin:⟦s3cr3tPw⟧ https://ci.example.org'],
  ['CONNECTION_STRING', 'DB=⟦postgres://app:s3cret@db.example.org:5432/app⟧'],
  ['USERNAME', 'username: ⟦ann_42⟧'],
  ['DATE_OF_BIRTH', 'born on ⟦1 March 1980⟧'],
  ['DATE_OF_BIRTH', 'geboren am ⟦22.04.2002⟧'],
  ['AGE', 'she is a ⟦35⟧-year-old'],
  ['STREET_ADDRESS', 'lives at ⟦385 S Meadow Ln #10C, Omaha, NE 68162⟧ and'],
  ['STREET_ADDRESS', 'wohnhaft ⟦Lindenweg 159, 91334 Mainz⟧.'],
  ['STREET_ADDRESS', 'au ⟦12 rue de la Paix, 75002 Paris⟧.'],
  ['STREET_ADDRESS', 'bor i ⟦Storgata 23A, 5420 Trondheim⟧.'],
  ['STREET_ADDRESS', 'shipped to ⟦PSC 802, Box 74\nAPO AE 09012⟧ last week'],
  ['STREET_ADDRESS', 'write to ⟦Unit 2050 Box 4190, dpo ap 96521-0002⟧'],
  ['STREET_ADDRESS', 'Sgt. on the ⟦USS Example, FPO AA 34099⟧'],
  ['STREET_ADDRESS', 'mail for ⟦APO, AE 09012⟧'],
  ['STREET_ADDRESS', 'lives at ⟦12 Musterweg 5, 91334 Mainz⟧.'],
  ['STREET_ADDRESS', '> ⟦7 24 Clarke Avenue\n> Apt. 805\n> Falkenhall\n> Examplia 34694⟧\n> Bye'],
  ['POSTAL_CODE', 'zip code: ⟦94110⟧'],
  ['COORDINATES', 'seen at ⟦61.984359, 47.28366⟧ yesterday'],
  ['COORDINATES', 'seen at ⟦61.984359, 47.28366⟧.'],
  ['COORDINATES', 'at ⟦46°36\'55.8"S 42°21\'20.9"E⟧'],
  ['PERSON', 'My name is ⟦Maria Rossi⟧.'],
  ['PERSON', 'Dear Dr. ⟦Weber⟧, thank you'],
  ['PERSON', 'met ⟦Jean-Luc Moreau⟧ there'],
];

describe('a detector', () => {
  it.each(FOUND)('finds %s in %s', (type, marked) => {
    const [before = '', value = ''] = marked.split(/[⟦⟧]/);
    const text = marked.replaceAll(/[⟦⟧]/g, '');
    const finding = scanner.scanText(text).find((one) => one.type === type);
    expect(finding).toMatchObject({ type, start: before.length, end: before.length + value.length });
  });

  it.each([
    ['a card with a wrong check digit', 'card 4111 1111 1111 1112'],
    ['an account with a wrong check', 'IBAN DE89370400440532013001'],
    ['a number never issued', 'the code 000-12-3456'],
    ['a clock', 'at 12:34:56 and 10:20'],
    ['a date', 'on 2024-01-15 and 15.01.2024'],
    ['a price', 'total 1,234,567.89 or € 12.50'],
    ['a version', 'version 10.20.30.40 of build 4.3.2.1'],
    ['an article number', 'EAN 4006381333931'],
    ['a moment', 'at 1718859854123 and 1540669837985239'],
    ['a book', 'ISBN 978-3-16-148410-0'],
    ['a parcel', 'parcel 9400 1270 4064 1046 4748 15'],
    ['a hash', 'sha1 da39a3ee5e6b4b0d3255bfef95601890afd80709'],
    ['a placeholder', 'password: ****** or password=${DB_PASSWORD} or password: <your password>'],
    ['a declared field', 'password: string; token: string; secret = getSecret();'],
    [
      'an address of a package',
      'git@github.com:example/repo.git lodash@4.17.21'.replace('git@github.com:example/repo.git ', ''),
    ],
    ['a sum', '465000-20000 = 445000 and 2000-1360=640'],
    ['areas', 'covers 12 square feet of 24 rooms'],
    ['a picture', 'logo@2x.png'],
    ['rights and packages', "@Permit('user:read') and login:amd64 or passwd:amd64 1:4.13"],
    ['the type of a value', 'handle(user: bool = False, handle: number): void; username: faker.internet.username()'],
    [
      'a name of a program',
      'password: PASS_PHRASE, passwords: OwnPasswords; token = reader.declaration.endToken ? 1 : 0',
    ],
    ['a verb', 'Flags to pass to SQLite when opening, and parameters to pass to authorization-urls'],
    ['a constant', 'STENCIL_PASS: 0x0B96, and call.flags & 16777216 or telephone |= 8388608'],
    ['years', 'contact us, Copyright 2006-2022 by us'],
    ['a clause', 'as in Clause 252.227-7013 of the terms'],
    ['a path', 'AWS/api/Package/-aws-sdk-client-s3/Interface/CreateSessionCommandOutput/'],
    ['a commit of a package', 'librtmp1 2.4+20151223.gitfa8646d.1-2'],
    ['the address of a licence', 'write to the Free Software Foundation, Inc.,\n51 Franklin Street, Fifth Floor'],
    ['types of a program', 'const child: ChildProcess = new DOMPointReadOnly(XMLHttpRequest)'],
    ['a row of what was checked', 'KYC: done; ticket A0451223; open'],
    ['an abbreviation', 'the APO AE of a telescope, and FPO as a placement only: APO AE 12'],
    ['the form of a date', 'written as YYYY-MM-DD HH:mm'],
    ['a place with a sign before it', 'waffles ! @ home and Game @ Falkenhall tonight'],
    ['an abbreviation behind a word that some are called', 'My IBAN is on file'],
  ])('takes %s for nothing', (_, text) => {
    expect(found(text)).toEqual([]);
  });
});

describe('every type', () => {
  it('has a detector, or is found by the tagger of names', () => {
    const found = new Set(['PERSON', 'LOCATION', ...allDetectors.flatMap(({ types }) => types)]);
    expect(piiTypes.map(({ type }) => type).filter((type) => !found.has(type))).toEqual([]);
    expect([...found].filter((type) => !piiTypes.some((info) => info.type === type))).toEqual([]);
  });
});

describe('a key of a vendor', () => {
  const body = (length: number): string => 'aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1fX'.repeat(12).slice(0, length);
  const hex = (length: number): string => '3f9a0c7be1d2'.repeat(12).slice(0, length);
  it.each([
    ['AWS', `AKIA${'Q3EGTXNB5VJ2WMKD'}`],
    ['GitHub', `ghp_${body(36)}`],
    ['GitLab', `glpat-${body(20)}`],
    ['Slack', `xoxb-${'123456789012'}-${'1234567890123'}-${body(24)}`],
    ['Stripe', `sk_live_${body(24)}`],
    ['OpenAI', `sk-${body(20)}T3BlbkFJ${body(20)}`],
    ['Anthropic', `sk-ant-${'api03-'}${body(80)}`],
    ['Google', `AIza${body(35)}`],
    ['npm', `npm_${body(36)}`],
    ['SendGrid', `SG.${body(22)}.${body(43)}`],
    ['Twilio', `SK${hex(32)}`],
    ['DigitalOcean', `dop_v1_${hex(64)}`],
    ['Azure', `aB3${'8Q'}~${body(34)}`],
    ['Telegram', `${'1234567890'}:A${body(34)}`],
  ])('of %s is found whole', (_, key) => {
    expect(found(`here: ${key} ok`)).toEqual([`API_KEY ${key}`]);
  });

  it('is found by its name where it has no form', () => {
    expect(found(`api_key = "${body(30)}"`)).toEqual([`API_KEY ${body(30)}`]);
    expect(found(`Authorization: Bearer ${body(40)}`)).toEqual([`API_KEY ${body(40)}`]);
  });

  it('is none when it was written as an example', () => {
    expect(found(`AKIA${'IOSFODNN7EXAMPLE'} and ghp_${'x'.repeat(36)}`)).toEqual([]);
  });
});

import { PiiScanner } from '../pii-scanner.ts';
import { piiTypes } from '../pii-type.ts';

/** Types that are looked for only when asked for, and values that are written in unusual ways. */
const scanner = new PiiScanner({ types: piiTypes.map(({ type }) => type) });

function found(text: string): string[] {
  return scanner.scanText(text).map(({ type, start, end }) => `${type} ${text.slice(start, end)}`);
}

const CHECKED = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed';
const SOLANA = '7EcDhSYGxXyscszYEp35KHN8vvw3svAuLKTzXwCFLtV';

describe('a value', () => {
  it.each([
    ['DATE_TIME', 'we met on ⟦March 5, 2020⟧ there'],
    ['DATE_TIME', 'sent ⟦2024-01-15T10:20:30Z⟧.'],
    ['DATE_TIME', 'on ⟦15.01.2024 12:30⟧ or so'],
    ['DATE_TIME', 'am ⟦3. Oktober 2021⟧ in Ulm'],
    ['DATE_TIME', 'le ⟦14 juillet 1989⟧ ici'],
    ['DATE_TIME', 'not before ⟦10:30 am⟧'],
    ['DATE_TIME', 'come at ⟦5pm⟧'],
    ['DATE_TIME', 'see you ⟦Monday⟧!'],
    ['DATE_TIME', 'founded in ⟦1977⟧.'],
    ['DATE_TIME', 'on ⟦12/1/1981⟧,'],
    ['NRP', 'she is a ⟦French⟧ citizen'],
    ['NRP', 'he became a ⟦Catholic⟧ then'],
    ['NRP', 'Nationality: ⟦Peruvian⟧'],
    ['NRP', 'Konfession: ⟦evangelisch⟧'],
    ['GENDER', 'gender: ⟦female⟧'],
    ['GENDER', 'Geschlecht: ⟦weiblich⟧'],
    ['GENDER', 'sex=⟦M⟧;'],
    ['ORGANIZATION', 'works for ⟦Acme Holdings Ltd.⟧ now'],
    ['ORGANIZATION', 'at the ⟦University of Lund⟧. Then'],
    ['ORGANIZATION', 'bei der ⟦Muster GmbH⟧ in Ulm'],
    ['DEVICE_ID', 'device id: ⟦3F2A9C77-1B2C⟧'],
    ['DEVICE_ID', 'Serial number ⟦C02XK0AAJG5J⟧'],
    ['EMAIL_ADDRESS', 'write to ⟦jane dot doe at example dot org⟧ now'],
    ['EMAIL_ADDRESS', 'or ⟦jane [at] example [dot] org⟧'],
    ['EMAIL_ADDRESS', 'an ⟦jane.doe (at) example.org⟧ schreiben'],
    ['EMAIL_ADDRESS', 'Mail: ⟦jane at example punkt org⟧'],
    ['CRYPTO_ADDRESS', `pay ⟦${CHECKED}⟧ today`],
    ['CRYPTO_ADDRESS', `key=⟦${CHECKED.toLowerCase()}⟧;`],
    ['CRYPTO_ADDRESS', `my Solana wallet is ⟦${SOLANA}⟧.`],
  ])('of %s is found in %s', (type, marked) => {
    const [before = '', value = ''] = marked.split(/[⟦⟧]/);
    const text = marked.replaceAll(/[⟦⟧]/g, '');
    const found = scanner.scanText(text).filter((one) => one.type === type);
    expect(found).toMatchObject([{ start: before.length, end: before.length + value.length }]);
  });

  it.each([
    ['an address whose checksum fails', `pay ${CHECKED.slice(0, -1)}e today`],
    ['an address with a letter more', `pay ${CHECKED}a today`],
    ['31 bytes in base 58', `wallet ${SOLANA.slice(0, -1)}`],
    ['a domain that is spoken of', 'visit us at example dot com, in the dot com bubble at noon dot com'],
    ['a version', 'release 10:99 of 2024-13-45'],
    ['a verb', 'you may march on'],
    ['a key of a program', 'the gender_count: 12 and sex ratio'],
    ['small letters', 'polish the bank of the river'],
  ])('is not %s', (_, text) => {
    expect(found(text)).toEqual([]);
  });

  it('is known by the key of JSON', () => {
    const source = JSON.stringify({
      gender: 'female',
      religion: 'Hindu',
      deviceId: 'A1B2C3D4E5',
      nationality: 'peruano',
    });
    expect(scanner.scanJson(source).map(({ type, path }) => `${path} ${type}`)).toEqual([
      '/gender GENDER',
      '/religion NRP',
      '/deviceId DEVICE_ID',
      '/nationality NRP',
    ]);
  });

  it('of a type that must be asked for is otherwise let be', () => {
    const text = 'On Monday, 5 March 2020, a French woman of Acme Holdings Ltd. in Lyon saw https://example.org';
    expect(new PiiScanner().scanText(text)).toEqual([]);
  });
});

import { anonymizeJson, anonymizeText } from '../anonymize.ts';
import type { AnonymizePlan } from '../anonymize-work.ts';
import { digitsOf, isLuhn } from '../checks/digit-sums.ts';
import { isMod97 } from '../checks/iso7064.ts';
import { PiiScanner } from '../pii-scanner.ts';
import { UnknownStrategy } from '../pii.errors.ts';
import { strategies, strategyNamed, strategyOf } from '../strategies.ts';
import { OperatorKeys } from './operator-keys.ts';

const key = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const all = new PiiScanner({
  types: [...new PiiScanner().types, 'LOCATION', 'ORGANIZATION', 'URL', 'DATE_TIME'],
});

interface Where {
  hashKey?: Uint8Array;
  datasetId?: string;
  document?: string;
}

function applied(strategy: string, type: string, value: string, where: Where = {}): string {
  const { operator, options } = strategyOf(strategy);
  const keys = new OperatorKeys(where.hashKey ?? key(7), where.datasetId ?? '', where.document ?? 'x');
  return operator.apply(type, value, { keys, options });
}

const plan = (strategy: string, hashKey = key(7)): AnonymizePlan => ({
  strategy,
  strategies: {},
  types: null,
  hashKey,
});

/** Of every kind that something can be invented for. */
const VALUES: readonly (readonly [string, string])[] = [
  ['PERSON', 'Maria Lopez'],
  ['EMAIL_ADDRESS', 'jane@example.org'],
  ['USERNAME', 'ann_42'],
  ['URL', 'https://www.quist.example/ada'],
  ['PHONE_NUMBER', '+44 20 7946 0018'],
  ['PHONE_NUMBER', '(212) 555-0142'],
  ['PHONE_NUMBER', '+49 30 23125123'],
  ['PHONE_NUMBER', '+34 912 34 56 78'],
  ['IP_ADDRESS', '192.0.2.7'],
  ['IP_ADDRESS', '2a02:f6c0:6639::7627'],
  ['MAC_ADDRESS', '3C-5E-27-3A-4A-AD'],
  ['CREDIT_CARD', '4111 1111 1111 1111'],
  ['CREDIT_CARD', '378282246310005'],
  ['IBAN', 'DE89 3704 0044 0532 0130 00'],
  ['IBAN', 'GB29NWBK60161331926819'],
  ['US_SSN', '219-09-9999'],
  ['UK_NINO', 'AB 12 34 56 C'],
  ['IMEI', '490154203237518'],
  ['STREET_ADDRESS', '12 Elm Street'],
  ['STREET_ADDRESS', 'Hauptstraße 12'],
  ['LOCATION', 'Lisbon'],
  ['ORGANIZATION', 'Acme Inc'],
  ['POSTAL_CODE', '10115'],
  ['COORDINATES', '48.13743, 11.57549'],
];

describe.each(['replace', 'pseudonym'])('%s', (strategy) => {
  it.each(VALUES)('of %s %s is something else, the same by the same key alone, and stays itself', (type, value) => {
    const out = applied(strategy, type, value);
    expect(out).not.toBe(value);
    expect(out).not.toMatch(/^\[/);
    expect(applied(strategy, type, value)).toBe(out);
    expect(applied(strategy, type, out)).toBe(out);
    const others = [1, 2, 3].map((byte) => applied(strategy, type, value, { hashKey: key(byte) }));
    expect(new Set([out, ...others]).size).toBeGreaterThan(1);
  });

  it('keeps check digits and the form', () => {
    const card = applied(strategy, 'CREDIT_CARD', '4111 1111 1111 1111');
    expect(card).toMatch(/^4000 00\d\d \d{4} \d{4}$/);
    expect(isLuhn(digitsOf(card), 0, 16)).toBe(true);
    const iban = applied(strategy, 'IBAN', 'DE89 3704 0044 0532 0130 00').replaceAll(' ', '');
    const turned = Buffer.from(iban.slice(4) + iban.slice(0, 4));
    expect(isMod97(turned, 0, turned.length)).toBe(true);
    expect(applied(strategy, 'US_SSN', '219-09-9999')).toMatch(/^9\d\d-[0-4]\d-\d{4}$/);
    expect(applied(strategy, 'PHONE_NUMBER', '+44 20 7946 0018')).toMatch(/^\+44 [\d ]{11,12}$/);
    expect(applied(strategy, 'EMAIL_ADDRESS', 'a@b.example')).toMatch(/@example\.(org|com|net)$/);
  });
});

describe('the scope of a replacement', () => {
  const scoped = (scope: string, where: Where): string =>
    applied(`pseudonym:scope=${scope}`, 'PERSON', 'Maria Lopez', where);

  it.each([
    ['document', false, false],
    ['dataset', true, false],
    ['tenant', true, true],
  ])('%s', (scope, acrossDocuments, acrossDatasets) => {
    const one = scoped(scope, { datasetId: 'a', document: '1' });
    expect(scoped(scope, { datasetId: 'a', document: '1' })).toBe(one);
    expect(scoped(scope, { datasetId: 'a', document: '2' }) === one).toBe(acrossDocuments);
    expect(scoped(scope, { datasetId: 'b', document: '1' }) === one).toBe(acrossDatasets && acrossDocuments);
    expect(scoped(scope, { datasetId: 'a', document: '1', hashKey: key(8) })).not.toBe(one);
  });
});

describe('a pseudonym', () => {
  it('is the same however a name is written, and a part of it for a part', () => {
    const text = 'Dear Dr. José García, MARIA LOPEZ wrote; Jose Garcia and Maria Lopez met.';
    const { text: out } = anonymizeText(text, all, plan('pseudonym'));
    const [, one, caps, again, other] =
      /^Dear (?:Dr\. )?(\w+ \w+), (\w+ \w+) wrote; (\w+ \w+) and (\w+ \w+) met\.$/.exec(out) ?? [];
    expect([again, caps]).toEqual([one, other?.toUpperCase()]);
    expect(other).not.toBe(one);
    const people = new OperatorKeys(key(7), '', 'x');
    const by = (value: string): string =>
      strategyOf('pseudonym').operator.apply('PERSON', value, { keys: people, options: {} });
    const [given, family] = by('Maria Lopez').split(' ');
    expect([by('maria'), by('Lopez'), by('Lopez, Maria')]).toEqual([
      given?.toLowerCase(),
      family,
      `${family}, ${given}`,
    ]);
  });

  it('is a hash where nothing can be invented', () => {
    expect(applied('pseudonym', 'PASSPORT', 'C01X00T47')).toMatch(/^\[PASSPORT#[a-p]{16}\]$/);
  });
});

describe('date_shift', () => {
  it.each([
    ['1980-02-28', /^\d{4}-\d\d-\d\d$/],
    ['28.02.1980', /^\d\d\.\d\d\.\d{4}$/],
    ['2/28/1980', /^\d{1,2}\/\d{1,2}\/\d{4}$/],
    ['19800228', /^\d{8}$/],
    ['February 28th, 1980', /^[A-Z][a-z]+ \d{1,2}(st|nd|rd|th), \d{4}$/],
    ['28 février 1980', /^\d{1,2} \p{Ll}+ \d{4}$/u],
    ['1980-02-28T10:00:00Z', /^\d{4}-\d\d-\d\dT10:00:00Z$/],
  ])('writes %s in its form', (value, form) => {
    const out = applied('date_shift', 'DATE_TIME', value);
    expect(out).toMatch(form);
    expect(out).not.toBe(value);
  });

  it('keeps intervals in the scope, within the days that are said', () => {
    const moved = (value: string): number => Date.parse(applied('date_shift:days=30', 'DATE_OF_BIRTH', value));
    expect(moved('2001-03-05') - moved('1999-12-31')).toBe(Date.parse('2001-03-05') - Date.parse('1999-12-31'));
    expect(Math.abs(moved('1999-12-31') - Date.parse('1999-12-31'))).toBeLessThanOrEqual(30 * 86_400_000);
  });

  it('redacts what has no day, and what is no date', () => {
    expect(applied('date_shift', 'DATE_TIME', '14:30')).toBe('[DATE_TIME]');
    expect(applied('date_shift', 'PERSON', '1980-02-28')).toBe('[PERSON]');
  });
});

describe('fpe', () => {
  it('keeps the form, and check digits where asked', () => {
    const card = applied('fpe', 'CREDIT_CARD', '4111-1111-1111-1111');
    expect(card).toMatch(/^\d{4}-\d{4}-\d{4}-\d{4}$/);
    expect(isLuhn(digitsOf(card), 0, 16)).toBe(true);
    const any = ['4111111111111111', '5555555555554444', '378282246310005', '6011111111111117', '4222222222222'].map(
      (value) => digitsOf(applied('fpe:luhn=any', 'CREDIT_CARD', value)),
    );
    expect(any.every((digits) => isLuhn(digits, 0, digits.length))).toBe(false);
    expect(applied('fpe', 'PHONE_NUMBER', '+44 20 7946 0018')).toMatch(/^\+\d\d \d\d \d{4} \d{4}$/);
    expect(applied('fpe', 'UK_NINO', 'AB123456C')).toMatch(/^[0-9A-Z]{9}$/);
  });

  it('is for values of a million at least, and for numbers', () => {
    expect(applied('fpe', 'US_BANK_NUMBER', '12345')).toBe('[US_BANK_NUMBER]');
    expect(applied('fpe', 'PERSON', 'Maria Lopez 1234567')).toBe('[PERSON]');
  });
});

describe('what is said of a strategy', () => {
  it.each([
    ['truncate', 'PERSON', 'Maria Lopez', 'Mari…'],
    ['truncate:length=2', 'PERSON', 'Maria', 'Ma…'],
    ['truncate:length=50', 'PERSON', 'Maria', 'Ma…'],
    ['mask:first=2:last=2', 'PASSPORT', 'C01X00T47', 'C0*****47'],
    ['mask:last=8', 'CARD_CVV', '123', '***'],
    ['mask:domain=keep', 'EMAIL_ADDRESS', 'jane@example.org', 'j***@example.org'],
    ['generalize:band=5', 'AGE', '44', '40 to 44'],
    ['generalize:date=month', 'DATE_OF_BIRTH', 'March 5, 1980', '1980-03'],
    ['generalize', 'DATE_TIME', '2024-03-05T10:00', '2024-03'],
    ['generalize', 'IP_ADDRESS', '2a02:f6c0:6639::7627', '2a02:f6c0:6639:x'],
    ['generalize:grid=1', 'COORDINATES', '48.137, 11.575', '48, 11'],
  ])('%s of %s %s is %s', (strategy, type, value, expected) => {
    expect(applied(strategy, type, value)).toBe(expected);
  });

  it('is kept in one form, and refused where it is none', () => {
    expect(strategyNamed(' Mask:LAST=4:first=1')).toBe('mask:first=1:last=4');
    expect(strategyNamed('date-shift')).toBe('date_shift');
    for (const wrong of [
      'mask:last=9',
      'mask:last',
      'mask:last=1:last=2',
      'redact:x=1',
      'pseudonym:scope=all',
      'mask:',
    ]) {
      expect(() => strategyNamed(wrong)).toThrow(UnknownStrategy);
    }
  });
});

describe.each(strategies.map(({ name }) => name).filter((name) => name !== 'keep'))('a document by %s', (strategy) => {
  const source = JSON.stringify({
    from: 'Maria Lopez <maria.lopez@mail.example>',
    text: 'Call me on +44 20 7946 0018 or (212) 555-0142. Maria Lopez, 12 Elm Street, born 1980-02-14 🙂, paid with 4111 1111 1111 1111',
    n: 12345,
    ssn: 219099999,
    'bob@example.org': [
      'DE89370400440532013000',
      '192.0.2.7',
      '3c:5e:27:3a:4a:ad',
      'at 48.13743, 11.57549',
      '\u00e9 "x"',
    ],
  });
  const moves = strategy === 'fpe' || strategy === 'date_shift';

  it('stays JSON, holds nothing of it, is the same again by the same key, and stays as it is', () => {
    const { source: out, residual } = anonymizeJson(source, all, plan(strategy));
    expect(residual).toBe(0);
    const { n, ...rest } = JSON.parse(out) as Record<string, unknown>;
    expect(typeof n).toBe('number');
    for (const value of ['maria.lopez', '7946 0018', '555-0142', '1980-02-14', '4111 1111', '219099999', 'bob@e']) {
      expect(JSON.stringify(rest)).not.toContain(value);
    }
    expect(anonymizeJson(source, all, plan(strategy)).source).toBe(out);
    if (!moves) expect(anonymizeJson(out, all, plan(strategy, key(9))).source).toBe(out);
  });

  it('is so as text', () => {
    const { text, residual } = anonymizeText(source, all, plan(strategy));
    expect([residual, text.includes('4111 1111')]).toEqual([0, false]);
  });
});

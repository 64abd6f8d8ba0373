import { PiiScanner } from './pii-scanner.ts';
import { ScanEnded, UnknownPiiType } from './pii.errors.ts';
import { toOffsets } from './offsets.ts';

const scanner = new PiiScanner();

function found(text: string): string[] {
  return scanner.scanText(text).map(({ type, start, end }) => `${type} ${text.slice(start, end)}`);
}

describe('a scan of text', () => {
  it('finds what there is, in order, with its place', () => {
    expect(found('SSN 219-09-9999, mail ann@example.org')).toEqual([
      'US_SSN 219-09-9999',
      'EMAIL_ADDRESS ann@example.org',
    ]);
  });

  it.each([
    ['an emoji', '😀 ann@example.org'],
    ['a right-to-left script', 'הכתובת היא ann@example.org'],
    ['an ideograph', '邮箱是ann@example.org。'],
    ['a combining mark', 'e\u0301te\u0301: ann@example.org'],
  ])('counts offsets right behind %s', (_, text) => {
    const [finding] = scanner.scanText(text);
    expect(text.slice(finding?.start, finding?.end)).toBe('ann@example.org');
  });

  it.each([
    ['full-width digits', 'card ４１１１ １１１１ １１１１ １１１１', '４１１１ １１１１ １１１１ １１１１'],
    ['odd hyphens', 'SSN 219‑09‑9999.', '219‑09‑9999'],
    ['characters without width', 'SSN 219\u200b-09-99\u200b99.', '219\u200b-09-99\u200b99'],
    ['narrow spaces', 'téléphone 05\u202f36\u202f49\u202f12\u202f34', '05\u202f36\u202f49\u202f12\u202f34'],
  ])('sees through %s', (_, text, value) => {
    expect(scanner.scanText(text).map(({ start, end }) => text.slice(start, end))).toEqual([value]);
  });

  it.each([
    'commit 9fceb02d0ae598e95dc970b74767f19372d61af8 of 2024-01-15T10:20:30Z',
    'id 123e4567-e89b-12d3-a456-426614174000, version 10.2.3.4, order 4111222233334',
    '"integrity": "sha512-AbCdEf0123456789AbCdEf0123456789AbCdEf0123456789AbCdEf0123456789AbCdEf0123456789AbCdEf=="',
    'const total = items.reduce((sum, item) => sum + item.price, 0);',
    '@nestjs/core@12.0.1 needs lodash@4.17.21',
  ])('leaves alone what belongs to nobody: %s', (text) => {
    expect(found(text)).toEqual([]);
  });

  it('keeps nothing from one text to the next', () => {
    scanner.scanText('my social security number is');
    expect(found('and then 219099999 came along with some more words behind it')).toEqual([]);
  });

  it('looks only for the types that it was asked for', () => {
    const emails = new PiiScanner({ types: ['email_address'] });
    expect(emails.scanText('SSN 219-09-9999, mail ann@example.org').map(({ type }) => type)).toEqual(['EMAIL_ADDRESS']);
    const births = new PiiScanner({ types: ['DATE_OF_BIRTH'] });
    expect(births.scanText('born 1980-02-03, a 35-year-old').map(({ type }) => type)).toEqual(['DATE_OF_BIRTH']);
    expect(() => new PiiScanner({ types: ['E-MAIL'] })).toThrow(UnknownPiiType);
  });

  it('takes numbers as they are written in the country of its locale', () => {
    const text = 'It was 912 345 678 then';
    expect(scanner.scanText(text)).toEqual([]);
    expect(new PiiScanner({ locale: 'pt-PT' }).scanText(text)).toMatchObject([
      { type: 'PHONE_NUMBER', start: 7, end: 18 },
    ]);
    expect(new PiiScanner({ locale: 'no such locale' }).scanText(text)).toEqual([]);
  });

  it('says why when asked to, and never repeats the value', () => {
    const [finding] = new PiiScanner({ explain: true }).scanText('SSN 219-09-9999');
    expect(finding?.explanation).toContain('ssn');
    expect(JSON.stringify(finding)).not.toContain('219-09');
  });

  it.each([
    ['Card 4111111111111111', 'rule credit-card: its check (Luhn and the ranges of issuers) holds and'],
    ['GB82 WEST 1234 5698 7654 32', 'rule iban: its form and check (mod-97 and the length of its country) hold'],
    ['Aadhaar 2345 6789 0124', 'its check (Verhoeff) holds'],
    ['passport: X12345678', 'rule passport: by its context ('],
  ])('names the check that holds of %j', (text, words) => {
    expect(new PiiScanner({ explain: true }).scanText(text)[0]?.explanation).toContain(words);
  });
});

describe('a scan of JSON', () => {
  function inJson(value: unknown): string[] {
    const source = JSON.stringify(value);
    const values: string[] = [];
    scanner.scanJson(source, ({ path, type }, match) => values.push(`${path} ${type} ${match}`));
    return values;
  }

  it('takes keys for context and says where it found something', () => {
    expect(inJson({ a: [{ ssn: '219099999' }], 'x/y': { '~': 'ann@example.org' } })).toEqual([
      '/a/0/ssn US_SSN 219099999',
      '/x~1y/~0 EMAIL_ADDRESS ann@example.org',
    ]);
  });

  it('takes no moment for a number of somebody', () => {
    expect(inJson({ created: 1_704_816_937, at: 1_705_504_057 })).toEqual([]);
  });

  it('reads JSON in a string of JSON in a string', () => {
    const inside = JSON.stringify({ username: 'kestrel62', password: 'Tr9ub4dor&9', passport: 'X12345678' });
    expect(inJson({ content: JSON.stringify({ result: inside }) })).toEqual([
      '/content USERNAME kestrel62',
      '/content PASSWORD Tr9ub4dor&9',
      '/content PASSPORT X12345678',
    ]);
  });

  it('sees numbers as they are written', () => {
    const source = '{"card_number": 4111111111111111, "n": 12345678901234567890}';
    expect(scanner.scanJson(source).map(({ type, start, end }) => [type, start, end])).toEqual([
      ['CREDIT_CARD', 0, 16],
    ]);
  });

  it('decodes escapes, and counts in the decoded string', () => {
    const source = '{"t":"\\u00e9\\n\\"ann@example.org\\""}';
    expect(scanner.scanJson(source)).toMatchObject([{ start: 3, end: 18 }]);
  });

  it('hides keys that are values themselves, and finds them', () => {
    expect(inJson({ 'ann@example.org': { iban: 'DE89370400440532013000' } })).toEqual([
      '/* EMAIL_ADDRESS ann@example.org',
      '/*/iban IBAN DE89370400440532013000',
    ]);
  });

  it('finds names under keys that say so, and no products under `name`', () => {
    expect(
      inJson({ author: 'Xiuying Qorvath', customer: { first_name: 'Ulmo' }, name: 'Velvet Chair', id: 7 }),
    ).toEqual(['/author PERSON Xiuying Qorvath', '/customer/first_name PERSON Ulmo']);
  });

  it('reads chat messages', () => {
    const chat = { messages: [{ role: 'user', content: 'I am at\n23.45.67.89' }] };
    expect(inJson(chat)).toEqual(['/messages/0/content IP_ADDRESS 23.45.67.89']);
  });

  it('takes a question for the context of its answer, and of nothing behind that', () => {
    const chat = [
      { role: 'assistant', content: 'What is your social security number?' },
      { role: 'user', content: 'It is 219099999.' },
      { role: 'user', content: 'And the other one is 219099998.' },
    ];
    expect(inJson(chat)).toEqual(['/1/content US_SSN 219099999']);
  });

  it('can be ended', () => {
    let asked = 0;
    const ended = new PiiScanner({ isEnded: () => (asked += 1) > 2 });
    expect(() => ended.scanJson('["a","b","c","d"]')).toThrow(ScanEnded);
    asked = 0;
    expect(() => ended.scanText('word '.repeat(100_000))).toThrow(ScanEnded);
  });
});

describe('offsets', () => {
  it('can be had in code points and in bytes', () => {
    const text = '😀é ann@example.org';
    const findings = scanner.scanText(text);
    expect(toOffsets(text, findings, 'utf16')).toMatchObject([{ start: 4, end: 19 }]);
    expect(toOffsets(text, findings, 'codepoint')).toMatchObject([{ start: 3, end: 18 }]);
    expect(toOffsets(text, findings, 'byte')).toMatchObject([{ start: 7, end: 22 }]);
  });
});

import { anonymizeJson, anonymizeText } from './anonymize.ts';
import type { AnonymizePlan } from './anonymize-work.ts';
import { PiiScanner } from './pii-scanner.ts';
import { UnknownStrategy } from './pii.errors.ts';
import { strategies, strategyNamed } from './strategies.ts';

const scanner = new PiiScanner();
const plan = (strategy: string, more: Partial<AnonymizePlan> = {}): AnonymizePlan => ({
  strategy,
  strategies: {},
  types: null,
  hashKey: new Uint8Array(32).fill(7),
  ...more,
});

describe('anonymizing text', () => {
  const text = 'card 4111 1111 1111 1111, mail ann@example.org';

  it.each([
    ['redact', 'card [CREDIT_CARD], mail [EMAIL_ADDRESS]'],
    ['mask', 'card **** **** **** 1111, mail a**@*******.***'],
    ['remove', 'card , mail '],
    ['keep', text],
  ])('can %s', (strategy, expected) => {
    expect(anonymizeText(text, scanner, plan(strategy)).text).toBe(expected);
  });

  it('gives the same hash for the same person, another for another key', () => {
    const other = 'mail ANN@Example.org';
    const hashed = (source: string, key = 7): string =>
      anonymizeText(source, scanner, plan('hash', { hashKey: new Uint8Array(32).fill(key) })).text.slice(5);
    expect(hashed(other)).toBe(hashed('mail ann@example.org'));
    expect(hashed(other, 8)).not.toBe(hashed(other));
  });

  it('takes a strategy by type, acts on the types it was given, and counts', () => {
    const { text: out, applied } = anonymizeText(
      text,
      scanner,
      plan('redact', { strategies: { email_address: 'mask' }, types: ['EMAIL_ADDRESS'] }),
    );
    expect(out).toBe('card 4111 1111 1111 1111, mail a**@*******.***');
    expect(applied).toEqual([{ type: 'EMAIL_ADDRESS', operator: 'mask', count: 1 }]);
  });

  it('knows strategies in any case, and no others', () => {
    expect(strategyNamed('Redact')).toBe('redact');
    expect(() => strategyNamed('shred')).toThrow(UnknownStrategy);
  });
});

describe('anonymizing JSON', () => {
  const source =
    '{ "n": 12345678901234567890,\t"ssn": 219099999, "ssn":"219-09-9999", "t":"\\u00e9 ann@example.org \\"x\\"", "d":"b. 1980" }';

  it('changes the tokens with findings and no other byte', () => {
    const { source: out, applied, residual } = anonymizeJson(source, scanner, plan('redact'));
    expect(out).toBe(
      '{ "n": 12345678901234567890,\t"ssn": "[US_SSN]", "ssn":"[US_SSN]", "t":"é [EMAIL_ADDRESS] \\"x\\"", "d":"b. 1980" }',
    );
    expect(applied).toContainEqual({ type: 'US_SSN', operator: 'redact', count: 2 });
    expect(residual).toBe(0);
  });

  it.each(strategies.map(({ name }) => name).filter((name) => name !== 'keep'))(
    'by %s leaves nothing that would be found again',
    (strategy) => {
      const values = {
        email: 'ann@example.org',
        phone: '+49 30 23125123',
        ip: '23.45.67.89',
        ip6: '2a02:f6c0:6639::7627',
        password: 'Ces3z&oTA@!3BgMQ',
        token: `ghp_${'aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1'}0mLq17`,
        text: 'born 1980-02-03, aged 44, plate M-LF 3104, iban DE89370400440532013000, mac 3c:5e:27:3a:4a:ad',
        username: 'ann_42',
        lat: 48.13743,
        'bob@example.org': { mrn: 'MRN-0012345' },
      };
      const anonymized = anonymizeJson(JSON.stringify(values), scanner, plan(strategy));
      const { source: out, residual, surrogates } = anonymized;
      expect(residual).toBe(0);
      expect(scanner.scanJson(out, undefined, surrogates).map(({ type }) => type)).toEqual([]);
      expect(() => JSON.parse(out) as unknown).not.toThrow();
    },
  );
});

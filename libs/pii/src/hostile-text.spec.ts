import fc from 'fast-check';
import { anonymizeJson } from './anonymize.ts';
import { PiiScanner } from './pii-scanner.ts';
import { piiTypes } from './pii-type.ts';

/** What grows by the square takes minutes for such a text, and what does not less than a second, or ten where others work, too. */
const LIMIT_MS = 20_000;
const SIZE = 100_000;
const scanner = new PiiScanner({ types: piiTypes.map((info) => info.type), minConfidence: 0 });

function milliseconds(text: string): number {
  const start = performance.now();
  scanner.scanText(text);
  return performance.now() - start;
}

/** What detectors wait for, in any order and as often as it takes. */
const PIECES = [
  'a',
  'A',
  '1',
  '0',
  ' ',
  '.',
  '-',
  ':',
  '@',
  '/',
  '+',
  '(',
  ')',
  '"',
  '=',
  '\n',
  ',',
  '_',
  '~',
  '\\',
  "'",
  '…',
  '\u200b',
  '１',
  '1 ',
  '1-',
  '1.',
  'a@',
  'a.',
  '::',
  'ab:',
  '://',
  'eyJ',
  'eyJ.',
  '-----BEGIN ',
  '-----BEGIN PRIVATE KEY-----',
  'password',
  'password: ',
  'born ',
  'card ',
  'aws ',
  'curl ',
  'St ',
  'Main ',
  'Rue de ',
  'John ',
  'van ',
  'Dr. ',
  'Calle ',
  '4111 ',
  'ssn ',
  'AKIA',
  'sk-',
  'user ',
  'key=',
  '身份证',
  'Straße',
  'x dot ',
  ' at ',
  '(at) ',
  'Acme ',
  'Inc ',
  'University of ',
  'May ',
  '10:00 ',
  '12 ',
  'DE89 ',
  '0x',
  'Q~',
  '😀',
];

describe('a text made to be slow', () => {
  it.each(PIECES.map((piece) => [JSON.stringify(piece), piece]))('of nothing but %s ends in time', (_, piece) => {
    expect(milliseconds(piece.repeat(Math.ceil(SIZE / piece.length)))).toBeLessThan(LIMIT_MS);
  });

  it('of any pieces again and again ends in time', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 6 }), (pieces) => {
        const unit = pieces.join('');
        expect(milliseconds(unit.repeat(Math.ceil(SIZE / unit.length)))).toBeLessThan(LIMIT_MS);
      }),
      { numRuns: 15 },
    );
  });
});

describe('any text', () => {
  it('gives findings in order, inside the text, and none over another', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: 'grapheme' })), { maxLength: 60 }),
        (pieces) => {
          const text = pieces.join('');
          let end = 0;
          for (const finding of scanner.scanText(text)) {
            expect(finding.start).toBeGreaterThanOrEqual(end);
            expect(finding.end).toBeGreaterThan(finding.start);
            end = finding.end;
          }
          expect(end).toBeLessThanOrEqual(text.length);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('any JSON', () => {
  it('is walked to the values that parsing gives', () => {
    fc.assert(
      fc.property(fc.json(), (source) => {
        for (const { path, start, end } of scanner.scanJson(source)) {
          expect(path === '' || path.startsWith('/')).toBe(true);
          expect(end).toBeGreaterThan(start);
        }
      }),
      { numRuns: 200 },
    );
  });

  const WORTH = [
    'ann@example.org',
    '4111 1111 1111 1111',
    'SSN 219-09-9999',
    'a "quoted" \\ path',
    'Ann Moreau',
    '\ud800',
    '10.1.2.3',
  ];
  const value = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom(...WORTH),
    fc.integer(),
    fc.double(),
    fc.boolean(),
  );
  const document = fc.dictionary(
    fc.oneof(fc.constantFrom('ssn', 'name', 'phone', '', '/'), fc.string()),
    fc.oneof(value, fc.array(value)),
  );

  it.each(['redact', 'mask', 'hash', 'generalize', 'remove', 'keep'])(
    'stays JSON of the same form under %s',
    (strategy) => {
      const plan = { strategy, strategies: {}, types: null, hashKey: Buffer.alloc(32) };
      fc.assert(
        fc.property(document, (json) => {
          const cleaned = JSON.parse(anonymizeJson(JSON.stringify(json), scanner, plan).source) as object;
          const same = JSON.parse(JSON.stringify(json)) as object;
          expect(Object.keys(cleaned).length).toBeLessThanOrEqual(Object.keys(same).length);
          for (const [key, there] of Object.entries(cleaned)) {
            if (key in same) expect(Array.isArray(there)).toBe(Array.isArray((same as Record<string, unknown>)[key]));
          }
        }),
        { numRuns: 25 },
      );
    },
  );
});

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import fc from 'fast-check';
import { anonymizeJson } from './anonymize.ts';
import { PiiScanner } from './pii-scanner.ts';
import { piiTypes } from './pii-type.ts';

/** Of a thread's own work, whatever else the machine has to do. What grows by the square takes minutes. */
const LIMIT_MS = 500;
const SIZE = 100_000;
const SCANNER = join(__dirname, '../../../test/support/scanner.child.ts');
const scanner = new PiiScanner({ types: piiTypes.map((info) => info.type), minConfidence: 0 });

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
  it('of nothing but one piece, or of any pieces again and again, takes less than half a second', () => {
    const any = fc.sample(fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 6 }), 15);
    const units = [
      ...PIECES,
      'key=1',
      'key=A1',
      '_eyJ',
      `${'_eyJ'.repeat(900)}.`,
      ...any.map((pieces) => pieces.join('')),
    ];
    const { stdout, stderr } = spawnSync(
      process.execPath,
      ['--conditions=source', SCANNER, String(SIZE), String(LIMIT_MS)],
      { input: JSON.stringify(units), encoding: 'utf8' },
    );
    if (!stdout) throw new Error(stderr);
    const took = JSON.parse(stdout) as number[];
    expect(took).toHaveLength(units.length);
    expect(units.map((unit, i) => [unit, took[i]!] as const).filter(([, ms]) => ms >= LIMIT_MS)).toEqual([]);
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

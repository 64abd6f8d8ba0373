import { anonymizeJson } from '../anonymize.ts';
import { allowedMac } from './allowed-values.ts';
import type { AllowedRule, OwnRules, OwnType } from './own-rules.ts';
import { scannerBy } from './ruled-scanner.ts';

const allowKey = new Uint8Array(32).fill(5);
const badge: OwnType = {
  name: 'BADGE',
  risk: 'high',
  score: 0.4,
  isCaseSensitive: false,
  words: [],
  patterns: ['B-?\\d{4}'],
  context: ['badge', 'staff card'],
  version: 3,
};
const project: OwnType = {
  ...badge,
  name: 'PROJECT',
  score: 0.9,
  words: ['Night Heron', 'Kite'],
  patterns: [],
  context: [],
};
let count = 0;
const rules = (types: OwnType[], allowed: AllowedRule[] = []): OwnRules => ({
  id: `rules ${(count += 1)}`,
  types: JSON.stringify(types),
  allowed: JSON.stringify(allowed),
  allowKey,
});
const allow = (rule: Partial<AllowedRule>): AllowedRule => ({
  id: 'alw_1',
  mac: null,
  type: null,
  datasetId: null,
  expiresAt: null,
  ...rule,
});

describe('a scanner with rules of a tenant', () => {
  const both = rules([badge, project]);
  const scan = (text: string, own = both, more = {}) =>
    scannerBy(own, { ...more })
      .scanText(text)
      .map(({ type, start, end, confidence }) => [type, text.slice(start, end), confidence]);

  it('finds words and patterns, and is surer in their context', () => {
    expect(scan('night heron: badge b1234, jane@example.org')).toEqual([
      ['PROJECT', 'night heron', 0.9],
      ['BADGE', 'b1234', 0.7],
      ['EMAIL_ADDRESS', 'jane@example.org', expect.any(Number)],
    ]);
    expect(scan('order b1234 of nightherons')).toEqual([]);
    expect(scan('b1234 is my staff card')).toEqual([['BADGE', 'b1234', 0.7]]);
  });

  it('looks for certain types alone, and says by which rule it found them', () => {
    expect(scan('Kite, badge b1234, jane@example.org', both, { types: ['BADGE'] })).toEqual([['BADGE', 'b1234', 0.7]]);
    const [finding] = scannerBy(both, { explain: true }).scanText('badge B-1234');
    expect(finding).toMatchObject({
      detector: 'own-type',
      ruleVersion: 3,
      risk: 'high',
      explanation: 'rule own-type: its pattern 1, and its context says so',
    });
  });

  it('takes odd characters for plain ones, and puts findings where they are', () => {
    expect(scan('badge B\u2011１２３４!')).toEqual([['BADGE', 'B\u2011１２３４', 0.7]]);
    expect(scan('badge B12\u200b34')).toEqual([['BADGE', 'B12\u200b34', 0.7]]);
  });

  it('walks JSON: keys are context, numbers are values, and lists are about what they are called', () => {
    const own = rules([{ ...badge, patterns: ['\\d{4}'] }]);
    const source = '{"order":1234,"staffBadge":4321,"badges":[{"n":"1111"},"22\\u003322"],"mail":"jane@example.org"}';
    const found = scannerBy(own, {}).scanJson(source);
    expect(found.map(({ type, path }) => [type, path])).toEqual([
      ['BADGE', '/staffBadge'],
      ['EMAIL_ADDRESS', '/mail'],
    ]);
    const listed = scannerBy(own, {}).scanJson('{"badge":["12\\u00334"]}');
    expect(listed).toMatchObject([{ path: '/badge/0', start: 0, end: 4 }]);
  });

  it('is anonymized like any other type', () => {
    const plan = {
      strategy: 'redact',
      strategies: { badge: 'remove' },
      types: null,
      hashKey: new Uint8Array(32),
      ownTypes: ['BADGE', 'PROJECT'],
    };
    const scanner = scannerBy(both, {});
    expect(anonymizeJson('{"badge":"B1234","about":"Kite"}', scanner, plan)).toMatchObject({
      source: '{"badge":"","about":"[PROJECT]"}',
      residual: 0,
    });
  });

  it('prefers what is longer, and of two as long the own type', () => {
    const mails = { ...project, name: 'OUR_MAIL', score: 0.6, words: ['desk@example.org', 'EMP'] };
    const types = (text: string): unknown[] =>
      scan(text, rules([mails, { ...badge, patterns: ['EMP-\\d{4}'] }])).map(([type]) => type);
    expect(types('desk@example.org')).toEqual(['OUR_MAIL']);
    expect(types('help.desk@example.org.nz')).toEqual(['EMAIL_ADDRESS']);
    expect(types('badge EMP-1234 and EMP')).toEqual(['BADGE', 'OUR_MAIL']);
  });
});

describe('values that are allowed', () => {
  const text = 'Write to desk@example.org or jane@example.org, or call +44 20 7946 0018';
  const found = (allowed: AllowedRule[], datasetId?: string): string[] =>
    scannerBy(rules([], allowed), { datasetId })
      .scanText(text)
      .map(({ start, end }) => text.slice(start, end));
  const all = ['desk@example.org', 'jane@example.org', '+44 20 7946 0018'];

  it('are not found, however they are written', () => {
    expect(found([])).toEqual(all);
    expect(found([allow({ mac: allowedMac(allowKey, null, 'DESK@example.org ') })])).toEqual(all.slice(1));
    const phone = allowedMac(allowKey, 'PHONE_NUMBER', '020 7946 0018');
    expect(found([allow({ mac: phone, type: 'PHONE_NUMBER' })])).toEqual(all.slice(0, 2));
    expect(found([allow({ mac: allowedMac(allowKey, 'PERSON', 'desk@example.org'), type: 'PERSON' })])).toEqual(all);
  });

  it('are allowed in one dataset, or until a time', () => {
    const mac = allowedMac(allowKey, null, 'desk@example.org');
    const here = [allow({ mac, datasetId: 'd1' })];
    expect([found(here).length, found(here, 'd2').length, found(here, 'd1').length]).toEqual([3, 3, 2]);
    expect(found([allow({ mac, expiresAt: Date.now() - 1 })])).toEqual(all);
    expect(found([allow({ mac, expiresAt: Date.now() + 60_000 })]).length).toBe(2);
    expect(found([allow({ type: 'EMAIL_ADDRESS', datasetId: 'd1' })], 'd1')).toEqual(all.slice(2));
  });

  it('are left out of JSON too', () => {
    const mac = allowedMac(allowKey, null, 'desk@example.org');
    const scanner = scannerBy(rules([badge], [allow({ mac })]), {});
    expect(scanner.scanJson('{"a":"desk@example.org","b":"jane@example.org"}').map(({ path }) => path)).toEqual(['/b']);
  });
});

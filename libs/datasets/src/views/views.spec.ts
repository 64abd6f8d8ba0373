import { newId } from '#kernel';
import type { AllowedRule, OwnType } from '#pii';
import type { AnonymizeTask } from '../ingest/segment.task.ts';
import { LeftOut } from './left-out.ts';
import { LineViewer, viewLines } from './line.viewer.ts';
import { RecordViewer } from './record.viewer.ts';
import type { ViewPlan } from './view.task.ts';

const own = (name: string, change: Partial<OwnType>): OwnType => ({
  name,
  risk: 'high',
  score: 0.9,
  isCaseSensitive: false,
  words: [],
  patterns: [],
  context: [],
  version: 1,
  ...change,
});

function planOf(change: Partial<AnonymizeTask> = {}, types: OwnType[] = [], without: string[] = []): ViewPlan {
  const anonymize = {
    fromDatasetId: 'd',
    scanTypes: null,
    minConfidence: null,
    strategy: 'redact',
    strategies: {},
    types: null,
    hashKey: new Uint8Array(32).fill(7),
    ownTypes: types.map(({ name }) => name),
    ...change,
  };
  const allowed: AllowedRule[] = [];
  const rules = {
    id: JSON.stringify(types),
    types: JSON.stringify(types),
    allowed: JSON.stringify(allowed),
    allowKey: new Uint8Array(32).fill(5),
  };
  return { anonymize, minConfidence: 0.5, rules: types.length > 0 ? rules : null, without };
}

describe('what a view leaves out', () => {
  it.each([
    [['/a'], '{"a":1,"b":2}', '{"b":2}'],
    [['/b/c'], '{"a":1,"b":{"c":[1],"d":2}}', '{"a":1,"b":{"d":2}}'],
    [['/list/0', '/list/1'], '{"list":[1,2,3]}', '{"list":[3]}'],
    [['/list/*/name'], '{"list":[{"name":"x","n":1},{"n":2},"name"]}', '{"list":[{"n":1},{"n":2},"name"]}'],
    [['/*'], '{"a":1,"b":{}}', '{}'],
    [['/*/x', '/a/y'], '{"a":{"x":1,"y":2,"z":3}}', '{"a":{"z":3}}'],
    [['/a~1b', '/c~0d'], '{"a/b":1,"c~d":2,"e":3}', '{"e":3}'],
    [['/name'], '{"n\\u0061me":1,"e":3}', '{"e":3}'],
    [['/name'], '{"name":1,"name":2,"e":3}', '{"e":3}'],
    [['/__proto__'], '{"__proto__":{"x":1},"e":3}', '{"e":3}'],
    [['/a'], '{"a":1,"n":12345678901234567890}', '{"n":12345678901234567890}'],
  ])('is what %j names in %s', (pointers, text, left) => {
    expect(new LeftOut(pointers).of(text)).toBe(left);
  });

  it.each(['{"b": 1.0}', '[{"a":1}]', '"a"', '7', '{"b":{"a":1}}', '{"a~1b":1}'])(
    'is nothing of %s, which stays as it is',
    (text) => {
      expect(new LeftOut(['/a', '/a/b/c', '/list/0']).of(text)).toBe(text);
    },
  );
});

describe('a line through a view', () => {
  it('has what is found taken out, and what is named left out', () => {
    const viewer = new LineViewer(planOf({ strategies: { EMAIL_ADDRESS: 'hash' } }, [], ['/notes']));
    const shown = viewer.of('{"mail":"jane@example.org","notes":"x","card":"4111 1111 1111 1111"}');
    expect(shown).toMatch(/^\{"mail":"\[EMAIL_ADDRESS#[a-p]{16}\]","card":"\[CREDIT_CARD\]"\}$/);
  });

  it('is cut until nothing is found, whatever reads like a value once others are gone', () => {
    const types = [
      own('VV', { words: ['zz'] }),
      own('WW_TYPE', { patterns: ['k {0,2}k'] }),
      own('TT', { words: ['ww_type'] }),
      own('UU', { patterns: ['q \\[\\] q'] }),
      own('STAYS', { words: ['plover'] }),
    ];
    const viewer = new LineViewer(planOf({ strategy: 'remove', strategies: { STAYS: 'keep' } }, types));
    expect(viewer.of('"q k zz k q, plover"')).toBe('", plover"');
  });

  it('is made with keys that are overwritten', () => {
    const view = planOf({}, [own('BADGE', { words: ['B-1'] })]);
    const { bytes } = viewLines({ kind: 'view-lines', lines: Buffer.from('"B-1"\n"x"\n'), view });
    expect(Buffer.from(bytes).toString()).toBe('"[BADGE]"\n"x"\n');
    expect([view.anonymize.hashKey, view.rules!.allowKey].map((key) => Math.max(...key))).toEqual([0, 0]);
  });
});

describe('records through a view', () => {
  const viewerOf = (allowed: Partial<AllowedRule>[]): RecordViewer => {
    const { anonymize, without } = planOf();
    const views = { choiceOf: async () => ({ ...anonymize, label: 'x (vw_1, version 1)', without }) };
    const keys = { tenantSecret: async () => new Uint8Array(32) };
    const rule = { id: 'alw_1', mac: null, type: 'PERSON', datasetId: null, expiresAt: null };
    const text = JSON.stringify(allowed.map((each) => ({ ...rule, ...each })));
    const rules = { of: async () => ({ id: 'r', types: '[]', allowed: text, allowKey: new Uint8Array(32) }) };
    return new RecordViewer(views, keys, rules, null as never, 0.5, null as never);
  };
  const caller = { id: newId(), tenantId: newId(), permissions: new Set<string>() };

  it('are shown by what is allowed in their dataset when it was opened, and by nothing else', async () => {
    const open = (allowed: Partial<AllowedRule>[]) => viewerOf(allowed).open(caller, 'mine', 'x');
    const [ended, later] = [Date.now() - 1, Date.now() + 3_600_000];
    const none = await open([]);
    const others = await open([{ datasetId: 'other' }, { expiresAt: ended }]);
    expect([others!.rules, others!.plan.rules!.allowed]).toEqual([none!.rules, '[]']);
    const some = await open([{ datasetId: 'mine', expiresAt: later }]);
    expect(some!.rules).not.toBe(none!.rules);
    expect(some!.plan.rules!.id).not.toBe(none!.plan.rules!.id);
    expect(JSON.parse(some!.plan.rules!.allowed)).toMatchObject([{ datasetId: 'mine', expiresAt: null }]);
    expect(await viewerOf([]).open(caller, 'mine', undefined)).toBeNull();
  });

  it('come back one for each, and never fewer', async () => {
    const open = { label: 'x', rules: '', plan: planOf() };
    const run = async ({ lines, view }: Parameters<typeof viewLines>[0]) =>
      viewLines({ kind: 'view-lines', lines, view: structuredClone(view) });
    const lines = ['"jane@example.org"', '"x"', '{}'].map((text) => Buffer.from(text));
    const reader = { contents: async () => lines };
    const none = null as never;
    const shownBy = (pool: { run: typeof run }) =>
      new RecordViewer(none, none, none, pool, 0.5, reader).contents('t', [], open);
    const shown = await shownBy({ run });
    expect(shown.map((line) => Buffer.from(line).toString())).toEqual(['"[EMAIL_ADDRESS]"', '"x"', '{}']);
    const fewer = { run: async () => ({ bytes: new Uint8Array(Buffer.from('"x"\n')) }) };
    await expect(shownBy(fewer)).rejects.toThrow('other lines');
  });
});

import fc from 'fast-check';
import { allPermissions, datasetPermissions } from '../permissions.ts';
import { type Decision, decide, heldAt, isConstant, isEverything, isNothing, reachOf } from './decide.ts';
import { CLASSIFICATIONS, type Conditions, type Question, type Rights, type Rule } from './rule.ts';

// A Tuesday; 14:30 in Berlin, where it is summer.
const at = new Date('2026-07-07T12:30:00Z');
const later = new Date('2026-07-07T12:30:01Z');
const mine = 'd-1';

function rule(change: Partial<Rule> = {}): Rule {
  const open = { name: 'r', effect: 'allow', datasetId: null, conditions: {}, expiresAt: null } as const;
  return { ...open, permissions: ['record:read'], ...change };
}
function ask(change: Partial<Question> = {}): Question {
  return { permission: 'record:read', dataset: { id: mine, classification: 'internal' }, at, ...change };
}
const judged = (rules: Rule[], change: Partial<Question> = {}, cap: Rights['cap'] = null): Decision =>
  decide({ rules, cap }, ask(change));
const allows = (rules: Rule[], change: Partial<Question> = {}): boolean => judged(rules, change).allowed;

describe('a decision', () => {
  it('is no where nothing speaks for it', () => {
    expect(judged([])).toEqual({ allowed: false, by: null, policy: 'default', reason: 'the permission is missing' });
  });

  it('names the rule that made it', () => {
    const [role, deny] = [rule({ name: 'role one' }), rule({ name: 'grant two', effect: 'deny' })];
    expect(judged([role])).toMatchObject({ allowed: true, by: role, policy: 'role one' });
    expect(judged([role, deny])).toMatchObject({ allowed: false, by: deny, policy: 'grant two' });
  });

  it.each<[string, Partial<Rule>, Partial<Question>, boolean]>([
    ['another permission', { permissions: ['dataset:read'] }, {}, false],
    ['the very dataset', { datasetId: mine }, {}, true],
    ['another dataset', { datasetId: 'd-2' }, {}, false],
    ['a dataset, where the question is about none', { datasetId: mine }, { dataset: null }, false],
    ['what ends in a moment', { expiresAt: later }, {}, true],
    ['what ends now', { expiresAt: at }, {}, false],
  ])('takes a rule about %s for what it is', (_, change, question, matches) => {
    expect(allows([rule(change)], question)).toBe(matches);
    const denied = !allows([rule(), rule({ ...change, effect: 'deny' })], { ...question });
    expect(denied).toBe(matches);
  });

  const night = { from: '22:00', until: '06:00', zone: 'Europe/Berlin' };
  it.each<[Conditions, Partial<Question>, 'yes' | 'no' | 'unknown']>([
    [{}, {}, 'yes'],
    [{ purposes: ['training'] }, { purpose: 'training' }, 'yes'],
    [{ purposes: ['training', 'audit'] }, { purpose: 'audit' }, 'yes'],
    [{ purposes: ['training'] }, { purpose: 'marketing' }, 'no'],
    [{ purposes: ['training'] }, {}, 'unknown'],
    [{ classifications: ['internal'] }, {}, 'yes'],
    [{ classifications: ['public'] }, {}, 'no'],
    [{ classifications: ['internal'] }, { dataset: null }, 'no'],
    [{ networks: ['192.0.2.0/24'] }, { ip: '192.0.2.200' }, 'yes'],
    [{ networks: ['192.0.2.0/24', '2001:db8::/32'] }, { ip: '2001:db8::1' }, 'yes'],
    [{ networks: ['192.0.2.0/24'] }, { ip: '198.51.100.1' }, 'no'],
    [{ networks: ['192.0.2.0/24'] }, {}, 'unknown'],
    [{ hours: { from: '14:30', until: '14:31', zone: 'Europe/Berlin' } }, {}, 'yes'],
    [{ hours: { from: '12:30', until: '12:31', zone: 'UTC' } }, {}, 'yes'],
    [{ hours: { from: '08:00', until: '14:30', zone: 'Europe/Berlin' } }, {}, 'no'],
    [{ hours: { from: '14:31', until: '18:00', zone: 'Europe/Berlin' } }, {}, 'no'],
    [{ hours: { from: '08:00', until: '18:00', zone: 'UTC', days: [2] } }, {}, 'yes'],
    [{ hours: { from: '08:00', until: '18:00', zone: 'UTC', days: [1, 3] } }, {}, 'no'],
    [{ hours: night }, {}, 'no'],
    [{ hours: night }, { at: new Date('2026-07-07T20:00:00Z') }, 'yes'],
    [{ hours: night }, { at: new Date('2026-07-08T03:59:59Z') }, 'yes'],
    [{ hours: night }, { at: new Date('2026-07-08T04:00:00Z') }, 'no'],
    [{ hours: { ...night, days: [2] } }, { at: new Date('2026-07-08T01:00:00Z') }, 'yes'],
    [{ hours: { ...night, days: [3] } }, { at: new Date('2026-07-08T01:00:00Z') }, 'no'],
    [{ hours: { ...night, days: [7] } }, { at: new Date('2026-07-13T01:00:00Z') }, 'yes'],
    [{ views: ['ml-safe'] }, { view: 'ml-safe' }, 'yes'],
    [{ views: ['ml-safe'] }, { view: 'other' }, 'no'],
    [{ views: ['ml-safe'] }, {}, 'unknown'],
    [{ purposes: ['training'], networks: ['192.0.2.0/24'] }, { purpose: 'training' }, 'unknown'],
    [{ purposes: ['training'], networks: ['192.0.2.0/24'] }, { purpose: 'x' }, 'no'],
  ])('with the conditions %j and %j: they hold %s', (conditions, question, holds) => {
    expect(allows([rule({ conditions })], question)).toBe(holds === 'yes');
    // A rule that denies holds also when nobody has said what it depends on, or leaving it out would be a way around.
    expect(allows([rule(), rule({ effect: 'deny', conditions })], question)).toBe(holds === 'no');
  });

  it('says that conditions were what was in the way', () => {
    expect(judged([rule({ conditions: { purposes: ['audit'] } })]).reason).toMatch('conditions');
  });

  describe('for an API key', () => {
    const cap = (permissions: string[], datasetIds: string[] | null = null): Rights['cap'] => ({
      permissions: new Set(permissions),
      datasetIds: datasetIds && new Set(datasetIds),
    });

    it.each<[string, Rights['cap'], Partial<Question>, boolean]>([
      ['within its scopes', cap(['record:read']), {}, true],
      ['outside of them', cap(['dataset:read']), {}, false],
      ['within its datasets', cap(['record:read'], [mine]), {}, true],
      ['outside of them', cap(['record:read'], ['d-2']), {}, false],
      ['about no dataset', cap(['record:read'], [mine]), { dataset: null }, false],
    ])('%s follows its owner', (_, limits, question, allowed) => {
      expect(judged([rule()], question, limits).allowed).toBe(allowed);
      expect(judged([], question, limits).allowed).toBe(false);
    });

    it('that is bound to datasets allows what touches none', () => {
      const [rules, question] = [
        [rule({ permissions: ['account:read'] })],
        { permission: 'account:read', dataset: null },
      ];
      expect(judged(rules, question, cap(['account:read'], [mine])).allowed).toBe(true);
    });
  });
});

const conditions: fc.Arbitrary<Conditions> = fc.record(
  {
    purposes: fc.subarray(['training', 'audit'], { minLength: 1 }),
    classifications: fc.subarray([...CLASSIFICATIONS], { minLength: 1 }),
    networks: fc.subarray(['192.0.2.0/24', '2001:db8::/32'], { minLength: 1 }),
    hours: fc.record({
      from: fc.constantFrom('00:00', '08:00', '22:00'),
      until: fc.constantFrom('06:00', '12:00', '18:00'),
      days: fc.subarray([1, 2, 3, 4, 5, 6, 7], { minLength: 1 }),
      zone: fc.constantFrom('UTC', 'Asia/Tokyo'),
    }),
  },
  { requiredKeys: [] },
);
const anyRule = fc.record<Rule>({
  name: fc.constant('r'),
  effect: fc.constantFrom('allow', 'deny'),
  permissions: fc.subarray(['record:read', 'dataset:read', 'dataset:export'], { minLength: 1 }),
  datasetId: fc.constantFrom(null, 'd-1', 'd-2'),
  conditions,
  expiresAt: fc.constantFrom(null, at, later),
});
const rules = fc.array(anyRule, { maxLength: 6 });
const dataset = fc.record({
  id: fc.constantFrom('d-1', 'd-2', 'd-3'),
  classification: fc.constantFrom(...CLASSIFICATIONS),
});
const circumstances = fc.record(
  {
    at: fc.constantFrom(at, new Date('2026-07-12T23:00:00Z')),
    purpose: fc.constantFrom('training', 'marketing'),
    ip: fc.constantFrom('192.0.2.1', '198.51.100.1'),
  },
  { requiredKeys: ['at'] },
);
const question: fc.Arbitrary<Question> = fc
  .tuple(circumstances, fc.constantFrom('record:read', 'dataset:read'), fc.option(dataset))
  .map(([around, permission, about]) => ({ ...around, permission, dataset: about }));
const cap = fc.option(
  fc.record({
    permissions: fc.subarray<string>([...allPermissions]).map((names) => new Set(names)),
    datasetIds: fc.option(fc.subarray(['d-1', 'd-2', 'd-3']).map((ids) => new Set(ids))),
  }),
);

describe('whatever the rules are', () => {
  const holds = (property: fc.IProperty<never> | fc.IRawProperty<unknown>): void =>
    fc.assert(property as fc.IProperty<unknown>, { numRuns: 2000 });

  it('a rule that denies and matches wins over any others', () => {
    holds(
      fc.property(rules, question, fc.nat(6), (others, asked, place) => {
        const deny = rule({ effect: 'deny', permissions: [asked.permission] });
        const all = others.toSpliced(place, 0, deny);
        expect(decide({ rules: all, cap: null }, asked).allowed).toBe(false);
      }),
    );
  });

  it('one more that allows takes nothing away, and one more that denies gives nothing', () => {
    holds(
      fc.property(rules, anyRule, question, (some, more, asked) => {
        const [before, after] = [some, [...some, more]].map((all) => decide({ rules: all, cap: null }, asked).allowed);
        if (more.effect === 'allow') expect(Number(after)).toBeGreaterThanOrEqual(Number(before));
        else expect(Number(after)).toBeLessThanOrEqual(Number(before));
      }),
    );
  });

  it('their order does not matter, and nothing is allowed that no rule allows', () => {
    holds(
      fc.property(rules, cap, question, (some, limits, asked) => {
        const { allowed, by } = decide({ rules: some, cap: limits }, asked);
        expect(decide({ rules: some.toReversed(), cap: limits }, asked).allowed).toBe(allowed);
        if (allowed) expect(by).toMatchObject({ effect: 'allow' });
      }),
    );
  });

  it('saying more never gives what saying less did not, where the more is wrong', () => {
    holds(
      fc.property(rules, question, (some, asked) => {
        const { purpose: _, ...silent } = asked;
        const quiet = decide({ rules: some, cap: null }, silent).allowed;
        // What is allowed to who keeps silent is allowed whatever is said.
        if (quiet) expect(decide({ rules: some, cap: null }, asked).allowed).toBe(true);
      }),
    );
  });

  it('a key is never more than its owner', () => {
    holds(
      fc.property(rules, cap, question, (some, limits, asked) => {
        const owner = decide({ rules: some, cap: null }, asked).allowed;
        if (decide({ rules: some, cap: limits }, asked).allowed) expect(owner).toBe(true);
      }),
    );
  });

  it('a reach is made of exactly the datasets about which the answer is yes', () => {
    holds(
      fc.property(rules, cap, circumstances, dataset, (some, limits, around, about) => {
        const rights = { rules: some, cap: limits };
        const reach = reachOf(rights, 'record:read', around);
        const { all, ids } = reach[about.classification];
        const within = all !== ids.includes(about.id);
        const { allowed } = decide(rights, { ...around, permission: 'record:read', dataset: about });
        expect(within).toBe(allowed);
        if (isEverything(reach)) expect(allowed).toBe(true);
        if (isNothing(reach)) expect(allowed).toBe(false);
      }),
    );
  });

  it('what is remembered as constant is the same under all circumstances', () => {
    holds(
      fc.property(rules, circumstances, circumstances, (some, one, other) => {
        const rights = { rules: some, cap: null };
        if (!isConstant(rights)) return;
        expect(heldAt(rights, one, datasetPermissions)).toEqual(heldAt(rights, other, datasetPermissions));
      }),
    );
  });
});

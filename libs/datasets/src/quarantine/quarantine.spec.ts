import { randomBytes } from 'node:crypto';
import { newId, VaultError } from '#kernel';
import { type Gate, isBlocked, isHeld, type PiiRule } from '../gates/gate.ts';
import type { StoredVersion } from '../record-version.entity.ts';
import { NO_ATTRIBUTES } from '../writes/attributes.ts';
import { etagOf } from '../writes/write.ts';
import type { QuarantineItem } from './quarantine-item.entity.ts';
import { releaseChanges } from './release.plan.ts';

const rule = { types: null, minRisk: 0, reason: null, expiresAt: null };
const gate = (...pii: PiiRule[]): Gate => ({ branches: ['*'], pii, fields: [], licenses: null });
const holds: PiiRule = { ...rule, minRisk: 3, action: 'block', holds: true };
const blocks: PiiRule = { ...rule, types: ['US_SSN'], action: 'block' };
const allows: PiiRule = { ...rule, types: ['EMAIL_ADDRESS'], action: 'allow', reason: 'The help desk' };
const ssn = { type: 'US_SSN', risk: 4 };
const mail = { type: 'EMAIL_ADDRESS', risk: 3 };
const card = { type: 'CREDIT_CARD', risk: 3 };
const name = { type: 'PERSON_NAME', risk: 2 };

describe('a record with findings', () => {
  it.each([
    ['that no rule is about passes', [gate(holds)], [name], false],
    ['that a rule holds back is held', [gate(holds)], [name, card], true],
    ['is not held where a rule before that allows it', [gate(allows, holds)], [mail], false],
    ['is held for one of them, though another is allowed', [gate(allows, holds)], [mail, card], true],
    ['is blocked where another one is blocked', [gate(blocks, holds)], [ssn, card], false],
    ['is blocked where another gate blocks it', [gate(holds), gate(blocks)], [ssn], false],
    ['is held where one gate alone says so', [gate(holds), gate(allows)], [mail], true],
    ['is not held by a rule that has expired', [gate({ ...holds, expiresAt: '2020-01-01T00:00:00Z' })], [card], false],
    ['of which there are none passes', [gate(holds)], [], false],
  ])('%s', (_, gates, found, expected) => {
    expect(isHeld(gates, found, new Date())).toBe(expected);
  });

  it('is blocked by what would hold it back, for whoever can hold nothing back', () => {
    expect(isBlocked([gate(holds)], card, new Date())).toBe(true);
  });
});

describe('a release', () => {
  const version = (recordId: string, externalId: string | null = null): StoredVersion =>
    ({ ...NO_ATTRIBUTES, externalId, recordId, leaf: randomBytes(32), segmentId: newId() }) as StoredVersion;
  const held = (row: StoredVersion, basedOn: string | null): { item: QuarantineItem; version: StoredVersion } => ({
    item: { recordId: row.recordId, basedOn } as QuarantineItem,
    version: row,
  });
  const told = (all: ReturnType<typeof releaseChanges>): string[] =>
    all.map((each) => (each instanceof VaultError ? each.code : each.before ? 'changes' : 'adds'));
  const nothing = new Map<string, never>();

  it('takes over what the branch is still as it was for', () => {
    const [before, after, fresh] = [version('a'), version('a'), version('b')];
    const branch = { present: new Map([['a', before]]), holders: nothing };
    const changes = releaseChanges([held(after, etagOf(before)), held(fresh, null)], branch);
    expect(told(changes)).toEqual(['changes', 'adds']);
    expect(changes[0]).toMatchObject({ recordId: 'a', before, after: { leaf: after.leaf, findings: { of: after } } });
  });

  it('leaves what was changed, removed or made meanwhile, and the second change of one record', () => {
    const [before, after] = [version('a'), version('a')];
    const at = (present: StoredVersion | null, basedOn: string | null): string[] =>
      told(
        releaseChanges([held(after, basedOn)], { present: new Map(present ? [['a', present]] : []), holders: nothing }),
      );
    expect([at(version('a'), etagOf(before)), at(null, etagOf(before)), at(before, null)].flat()).toEqual(
      new Array(3).fill('quarantine-outdated'),
    );
    const twice = [held(after, etagOf(before)), held(version('a'), etagOf(before))];
    const branch = { present: new Map([['a', before]]), holders: nothing };
    expect(told(releaseChanges(twice, branch))).toEqual(['changes', 'quarantine-outdated']);
  });

  it('gives no record a name that another one has', () => {
    const items = [held(version('a', 'X'), null), held(version('b', 'X'), null), held(version('c', 'Y'), null)];
    const branch = { present: nothing, holders: new Map([['Y', 'd']]) };
    expect(told(releaseChanges(items, branch))).toEqual(['adds', 'external-id-taken', 'external-id-taken']);
  });
});

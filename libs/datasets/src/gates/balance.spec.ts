import { emptyStatistics } from '../statistics.ts';
import { balanceIssues, sizesIn } from './balance.ts';
import type { Balance, Gate } from './gate.ts';

const gate = (balance: Partial<Balance>): Gate => ({
  branches: ['*'],
  pii: [],
  fields: [],
  licenses: null,
  balance: { minRecords: null, maxRecords: null, splits: [], ...balance },
});
const test = (minShare: number | null, maxShare: number | null): Gate =>
  gate({ splits: [{ name: 'test', minShare, maxShare }] });

describe('the balance of a branch', () => {
  it.each<[string, Gate, number, Record<string, number>, string[]]>([
    ['has enough records', gate({ minRecords: 2 }), 2, {}, []],
    ['has too few', gate({ minRecords: 3 }), 2, {}, ['Gate balance: 2 records, expected at least 3']],
    ['has too many', gate({ maxRecords: 1 }), 2, {}, ['Gate balance: 2 records, expected at most 1']],
    ['has enough in a split', test(0.2, 0.4), 10, { test: 2 }, []],
    [
      'has none in a split',
      test(0.2, null),
      10,
      {},
      ['Gate balance: 0 of 10 records, expected a share of at least 0.2'],
    ],
    [
      'has too many',
      test(null, 0.4),
      10,
      { test: 5 },
      ['Gate balance: 5 of 10 records, expected a share of at most 0.4'],
    ],
    ['has no records, and no parts', test(0.2, 0.4), 0, {}, []],
  ])('%s', (_, each, records, bySplit, expected) => {
    const issues = balanceIssues([each, each], { records, bySplit: new Map(Object.entries(bySplit)) });
    expect(issues.map(({ detail }) => detail)).toEqual(expected);
  });

  it('cannot be told of more splits than are counted, and points at names as JSON pointers do', () => {
    expect(balanceIssues([test(0, 1)], { records: 1, bySplit: null })[0]?.pointer).toBe('/splits');
    expect(balanceIssues([gate({ maxRecords: 1 })], { records: 1, bySplit: null })).toEqual([]);
    const odd = gate({ splits: [{ name: 'a/b~c', minShare: 1, maxShare: null }] });
    expect(balanceIssues([odd], { records: 1, bySplit: new Map() })[0]?.pointer).toBe('/splits/a~1b~0c');
    expect(sizesIn({ ...emptyStatistics(), recordsBySplit: undefined })).toBeUndefined();
  });
});

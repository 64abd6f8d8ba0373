import fc from 'fast-check';
import { addStatistics, emptyStatistics, splitsAfter, type Statistics } from './statistics.ts';

const counts = fc.dictionary(fc.constantFrom('email', 'phone', 'iban'), fc.nat({ max: 1000 }));
const statistics: fc.Arbitrary<Statistics> = fc.record({
  records: fc.nat(),
  bytes: fc.nat(),
  findingsByType: counts,
  findingsByRisk: counts,
  recordsByRisk: counts,
  recordsBySplit: fc.option(fc.dictionary(fc.constantFrom('train', 'test'), fc.integer({ min: 1, max: 1000 })), {
    nil: undefined,
  }),
});
const sum = (...all: Statistics[]): Statistics => all.reduce(addStatistics, emptyStatistics());

describe('statistics', () => {
  it('add up to the same in whatever order', () => {
    fc.assert(
      fc.property(statistics, statistics, statistics, (a, b, c) => {
        expect(sum(a, b, c)).toEqual(sum(c, b, a));
        expect(sum(sum(a, b), c)).toEqual(sum(a, sum(b, c)));
      }),
    );
  });

  it('say of splits what is left when records move, and nothing where one of them does not', () => {
    const turns = [
      { from: null, to: 'test', count: 3 },
      { from: 'train', to: 'test', count: 2 },
      { from: 'train', to: null },
    ];
    expect(splitsAfter({ train: 3 }, turns)).toEqual({ test: 5 });
    expect(splitsAfter(undefined, turns)).toBeUndefined();
    expect(sum({ ...emptyStatistics(), recordsBySplit: undefined }, emptyStatistics()).recordsBySplit).toBeUndefined();
  });

  it('are not changed by being added', () => {
    const one: Statistics = { ...emptyStatistics(), records: 1, findingsByType: { email: 2 } };
    const copy = structuredClone(one);
    sum(one, one);
    expect(one).toEqual(copy);
  });
});

import fc from 'fast-check';
import { addStatistics, emptyStatistics, type Statistics } from './statistics.ts';

const counts = fc.dictionary(fc.constantFrom('email', 'phone', 'iban'), fc.nat({ max: 1000 }));
const statistics: fc.Arbitrary<Statistics> = fc.record({
  records: fc.nat(),
  bytes: fc.nat(),
  findingsByType: counts,
  findingsByRisk: counts,
  recordsByRisk: counts,
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

  it('are not changed by being added', () => {
    const one: Statistics = { ...emptyStatistics(), records: 1, findingsByType: { email: 2 } };
    const copy = structuredClone(one);
    sum(one, one);
    expect(one).toEqual(copy);
  });
});

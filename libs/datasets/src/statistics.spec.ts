import fc from 'fast-check';
import { addStatistics, emptyStatistics, MOST_SPLITS, splitsAfter, type Statistics } from './statistics.ts';

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

  it('are not changed by being added', () => {
    const one: Statistics = { ...emptyStatistics(), records: 1, findingsByType: { email: 2 } };
    const copy = structuredClone(one);
    sum(one, one);
    expect(one).toEqual(copy);
  });
});

describe('the counts of splits', () => {
  it('say what is left when records move, and nothing where one of them does not', () => {
    const turns = [
      { from: null, to: 'test', count: 3 },
      { from: 'train', to: 'test', count: 2 },
      { from: 'train', to: null },
    ];
    expect(splitsAfter({ train: 3 }, turns)).toEqual({ test: 5 });
    expect(splitsAfter(undefined, turns)).toBeUndefined();
    expect(sum({ ...emptyStatistics(), recordsBySplit: undefined }, emptyStatistics()).recordsBySplit).toBeUndefined();
  });

  it('follow records from split to split, whatever those are called', () => {
    const counts = splitsAfter({ train: 1 }, [
      { from: 'train', to: 'test' },
      { from: null, to: '__proto__' },
      { from: null, to: null },
    ]);
    expect(JSON.stringify(counts)).toBe('{"test":1,"__proto__":1}');
    expect(splitsAfter(undefined, [])).toBeUndefined();
  });

  it('are given up where there are too many', () => {
    const moves = Array.from({ length: MOST_SPLITS + 1 }, (_, i) => ({ from: null, to: `split ${i}` }));
    expect(Object.keys(splitsAfter({}, moves.slice(1))!)).toHaveLength(MOST_SPLITS);
    expect(splitsAfter({}, moves)).toBeUndefined();
  });
});

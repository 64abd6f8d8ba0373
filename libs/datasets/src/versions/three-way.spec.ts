import type { Json } from '../writes/merge-patch.ts';
import { threeWay } from './three-way.ts';

describe('a three-way merge of JSON', () => {
  it.each<[Json, Json, Json, Json, string[]]>([
    [{ a: 1 }, { a: 1 }, { a: 2 }, { a: 2 }, []],
    [{ a: 1 }, { a: 2 }, { a: 1 }, { a: 2 }, []],
    [{ a: 1 }, { a: 2 }, { a: 2 }, { a: 2 }, []],
    [{ a: 1, b: 1 }, { a: 2, b: 1 }, { a: 1, b: 2 }, { a: 2, b: 2 }, []],
    [{ a: 1 }, { a: 1, b: 1 }, { a: 1, c: 1 }, { a: 1, b: 1, c: 1 }, []],
    [{ a: 1, b: 1 }, { b: 1 }, { a: 1, b: 2 }, { b: 2 }, []],
    [{ a: 1 }, { a: 2 }, { a: 3 }, { a: 2 }, ['/a']],
    [{ a: 1 }, {}, { a: 3 }, {}, ['/a']],
    [{ a: { b: 1, c: 1 } }, { a: { b: 2, c: 1 } }, { a: { b: 3, c: 2 } }, { a: { b: 2, c: 2 } }, ['/a/b']],
    [[{ t: 'a' }, { t: 'b' }], [{ t: 'A' }, { t: 'b' }], [{ t: 'a' }, { t: 'B' }], [{ t: 'A' }, { t: 'B' }], []],
    [[1, 2], [1, 2, 3], [0, 1, 2], [1, 2, 3], ['']],
    [{ a: 1 }, { a: { x: 1 } }, { a: { y: 1 } }, { a: { x: 1 } }, ['/a']],
    [{}, { a: { x: 1 } }, { a: { y: 1 } }, { a: { x: 1, y: 1 } }, []],
    ['one', 'two', 'three', 'two', ['']],
  ])('%j, changed to %j and to %j, gives %j', (base, ours, theirs, value, conflicts) => {
    expect(threeWay(base, ours, theirs, 'ours')).toEqual({ value, conflicts });
  });

  it('takes the other side where that is preferred, and only where there is a conflict', () => {
    const merged = threeWay({ a: 1, b: 1 }, { a: 2, b: 2 }, { a: 3, b: 1 }, 'theirs');
    expect(merged).toEqual({ value: { a: 3, b: 2 }, conflicts: ['/a'] });
  });
});

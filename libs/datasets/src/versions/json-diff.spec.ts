import { parseLossless } from '../writes/merge-patch.ts';
import { fieldChanges, type FieldChange } from './json-diff.ts';

describe('the difference of two JSON values', () => {
  it.each<[string, string, [FieldChange['path'], FieldChange['change']][]]>([
    ['{"a":1,"b":2}', '{"b":2,"a":1}', []],
    ['{"a":1}', '{"a":2}', [['/a', 'changed']]],
    [
      '{"a":1}',
      '{"b":1}',
      [
        ['/a', 'removed'],
        ['/b', 'added'],
      ],
    ],
    [
      '{"a":{"b":[1,2,3]}}',
      '{"a":{"b":[1,9]}}',
      [
        ['/a/b/1', 'changed'],
        ['/a/b/2', 'removed'],
      ],
    ],
    ['{"a":[]}', '{"a":{}}', [['/a', 'changed']]],
    ['{"a":null}', '{}', [['/a', 'removed']]],
    ['{"x/y":{"~":1}}', '{"x/y":{"~":2}}', [['/x~1y/~0', 'changed']]],
    ['"one"', '"two"', [['', 'changed']]],
    ['12345678901234567890', '12345678901234567891', [['', 'changed']]],
    ['{"__proto__":1}', '{"__proto__":2}', [['/__proto__', 'changed']]],
    ['{}', '{"toString":1}', [['/toString', 'added']]],
  ])('%s and %s is %j', (from, to, expected) => {
    const changes = fieldChanges(parseLossless(from), parseLossless(to), 100);
    expect(changes.map(({ path, change }) => [path, change])).toEqual(expected);
  });

  it('is told up to a limit', () => {
    expect(fieldChanges([1, 2, 3], [4, 5, 6], 2)).toHaveLength(2);
  });
});

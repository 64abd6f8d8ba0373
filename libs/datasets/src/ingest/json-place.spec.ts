import { wrongAt } from './json-place.ts';

describe('where a text stops being JSON', () => {
  it.each([
    ['oops', 0],
    ['', 0],
    ['{"secret": nope}', 11],
    ['{"a":1} {"b":2}', 8],
    ['{"a":[1,2}', 9],
    ['{"a":1,}', 7],
    ['[1,]', 3],
    ['{"a":"x', 7],
    ['{"a":"\u0001"}', 6],
    ['{"a":"\\q"}', 6],
    ['{"a" 1}', 5],
    ['{1:2}', 1],
    ['[01]', 2],
    ['{"a":', 5],
    [']', 0],
  ])('finds it in %p', (text, at) => {
    expect(wrongAt(text)).toBe(at);
    expect(() => JSON.parse(text) as unknown).toThrow();
  });
});

import { LinearTest } from './linear-test.ts';

const PATTERNS = [
  '^[a-z]*$',
  '^a+b',
  'b$',
  'a.c',
  '^(?:en|de)(?:-[A-Z]{2})?$',
  '',
  '^',
  '\\$',
  'x\\\\$',
  '[^a]',
  '^$',
  'a?',
];
const TEXTS = ['', 'a', 'b', 'abc', 'aab', 'xaab', 'en', 'de-CH', 'de-ch', '$', 'x\\', 'a\nc', 'cab', 'ABC'];

describe('a pattern of a schema', () => {
  it.each(PATTERNS)('matches as the expression of the platform: %s', (pattern) => {
    const test = new LinearTest(pattern);
    for (const text of TEXTS) expect([text, test.test(text)]).toEqual([text, new RegExp(pattern, 'u').test(text)]);
  });

  it('is refused where it would have to look back, or is not clear', () => {
    for (const pattern of ['(a)\\1', '(?=a)', '^a|b$', 'a^b', '[']) {
      expect(() => new LinearTest(pattern)).toThrow('cannot be used');
    }
  });
});

import fc from 'fast-check';
import { PatternUnsupported } from '../pii.errors.ts';
import { LinearMatcher } from './linear-matcher.ts';

const found = (pattern: string, text: string, isCaseSensitive = false): string[] =>
  new LinearMatcher(pattern, isCaseSensitive).find(text).map(({ start, end }) => text.slice(start, end));

describe('a linear pattern', () => {
  it.each([
    ['EMP-\\d{6}', 'see EMP-123456, emp-654321 and XEMP-111111 or EMP-1234567', ['EMP-123456', 'emp-654321']],
    ['a|ab|abc', 'ab abcd abc a', ['ab', 'abc', 'a']],
    ['(?:ab){2,3}', 'ab abab ababab abababab', ['abab', 'ababab']],
    ['[A-Z]{2}[0-9]+(?:/[0-9]{1,2})?', 'ZZ12/3 and ZZ12/ and Z1', ['ZZ12/3', 'ZZ12']],
    ['[^\\d ]+', '12 ab-c 3', ['ab-c']],
    ['[^a]+', 'a A-b-A', [' ', '-b-']],
    ['\\W\\D\\S', '1 ab', [' ab']],
    ['x.*y', 'x1y 2y\ny', ['x1y 2y']],
    ['\\p{Lu}\\p{Ll}+', 'Ängström', ['Ängström']],
    ['straße', 'STRASSE Straße', ['Straße']],
    ['[\\w.]+', 'größe_1.x', ['größe_1.x']],
    ['😀\\d', '😀7', ['😀7']],
    ['\\$\\d+\\t', '$12\t', ['$12\t']],
  ])('%s finds whole words and the longest', (pattern, text, expected) => {
    expect(found(pattern, text)).toEqual(expected);
  });

  it('minds capitals where it is told to', () => {
    expect(found('EMP-\\d', 'emp-1 EMP-2', true)).toEqual(['EMP-2']);
    expect(found('[A-F]x', 'ax Bx', true)).toEqual(['Bx']);
  });

  it.each([
    '(?=a)b',
    '(?<n>a)',
    '(a',
    'a)',
    '[a',
    '[]',
    '[b-a]',
    'a**',
    'a+?',
    '*',
    'a{101}',
    'a{3,2}',
    'a{x',
    '^a',
    'a$',
    '\\1',
    '\\q',
    '\\p{Greek}',
    'a?',
    '',
    '(?:a{0,50}b?){0,50}c',
    `${'('.repeat(30)}a${')'.repeat(30)}`,
  ])('%s is not one', (pattern) => {
    expect(() => new LinearMatcher(pattern, false)).toThrow(PatternUnsupported);
  });

  const part = fc.constantFrom('a', 'b', '[ab]', '.', '\\d', 'ab', '(?:a|bb)', '(?:ab)+', 'a{1,2}', 'b*', '-');
  it('finds what the expressions of the platform find, at whole words', () => {
    const words = fc.array(fc.constantFrom('a', 'b', 'ab', '1', ' ', '-', '\n'), { maxLength: 20 });
    const property = fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), words, (parts, pieces) => {
      const [pattern, text] = [`a${parts.join('')}`, pieces.join('')];
      // The longest from each place: what the platform prefers depends on how a pattern is written.
      const expected: string[] = [];
      for (let at = 0; at < text.length; at += 1) {
        if (/\w/.test(text[at]!) && /\w/.test(text[at - 1] ?? '')) continue;
        const ends = Array.from({ length: text.length - at }, (_, i) => text.length - i).filter((end) => {
          const isBorder = !(/\w/.test(text[end - 1]!) && /\w/.test(text[end] ?? ''));
          return isBorder && new RegExp(`^(?:${pattern})$`).test(text.slice(at, end));
        });
        if (ends.length === 0) continue;
        expected.push(text.slice(at, ends[0]));
        at = ends[0]! - 1;
      }
      expect(found(pattern, text)).toEqual(expected);
    });
    fc.assert(property, { numRuns: 300 });
  });
});

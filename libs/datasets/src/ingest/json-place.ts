/** Up to where the beginning of a string is one: never fails, so never goes back either. */
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*/y;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const SPACE = /[ \t\r\n]*/y;

type Wanted = 'value' | 'value or end' | 'key' | 'key or end' | 'colon' | 'more';

/**
 * Where a text that is no JSON (RFC 8259) stops being one, as an index. The platform's parser tells it of some mistakes
 * only, and of others what stands there, which nobody else may see.
 */
export function wrongAt(text: string): number {
  const open: string[] = [];
  let wanted: Wanted = 'value';
  let at = endOf(SPACE, text, 0);
  while (at < text.length) {
    const char = text[at]!;
    let end = at + 1;
    if (wanted === 'more') {
      const closing = open.at(-1);
      if (char === ',' && closing) wanted = closing === '}' ? 'key' : 'value';
      else if (char === closing) open.pop();
      else return at;
    } else if (wanted === 'colon') {
      if (char !== ':') return at;
      wanted = 'value';
    } else if (wanted.endsWith('end') && char === open.at(-1)) {
      open.pop();
      wanted = 'more';
    } else if (!wanted.startsWith('key') && (char === '{' || char === '[')) {
      open.push(char === '{' ? '}' : ']');
      wanted = char === '{' ? 'key or end' : 'value or end';
    } else {
      end = endOf(char === '"' ? STRING : SCALAR, text, at);
      if (char === '"' && text[end] !== '"') return end;
      if (char === '"') end += 1;
      else if (end === at || wanted.startsWith('key')) return at;
      wanted = wanted.startsWith('key') ? 'colon' : 'more';
    }
    at = endOf(SPACE, text, end);
  }
  return at;
}

/** Where a match that begins here ends; here, when there is none. */
function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

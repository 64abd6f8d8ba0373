import type { Reading } from '../scan/reading.ts';

/** Words of programming languages that stand where a value could: types, and what begins an expression. */
const WORDS =
  /^(?:number|string|str|bool|boolean|int|integer|float|double|char|bytes?|any|void|object|array|list|dict|map|set|tuple|unknown|never|null|nil|none|undefined|true|false|optional|required|await|async|function|new|return|typeof|import|require|lambda|self|this|super|pick|omit|partial|record|promise|pwd|config|options|type|interface|class|enum|ref|value|name|field|all|privileged|amd64|arm64|i386|noarch|x86_64)$/i;
/** `UserName`, `ADMIN_PHRASE`, `user.name`: names that a program gives to things. */
const NAME = /^(?:[A-Z][a-z]+(?:[A-Z][a-z]*)+|[A-Z][A-Z_]{3,}|[A-Za-z_$]+\d{0,2}(?:\.[A-Za-z_$]+\d{0,2})+)$/;
const QUOTES = '"\'`‘“';
/** What goes on behind a piece of code and not behind a value. */
const GOES_ON = /^(?:\)|,|;|\(|\[|<|\s?[|&=>?]|\.\w|\s*$)/;

/** Without quotes, and a word or name of a program: the place of a value, not one. */
export function isCode(value: string, reading: Reading, start: number): boolean {
  if (QUOTES.includes(reading.text.charAt(start - 1)) || reading.isWhole(start, start + value.length)) return false;
  if (WORDS.test(value)) return true;
  const end = start + value.length;
  return NAME.test(value) && GOES_ON.test(reading.text.slice(end, Math.min(reading.end, end + 3)));
}

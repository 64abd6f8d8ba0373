import { isPlaceholder } from '../checks/entropy.ts';
import type { Detector, FollowRule } from '../scan/dispatch.ts';
import type { Reading } from '../scan/reading.ts';
import { ASSIGNED, MARKED, SAID } from './assigned.ts';
import { isCode } from './code-words.ts';

/** Ends where a text goes on: a mark before space does not belong to it, nor does `&name=` of a query. */
const PASSWORD_END = `(?:[^\\s"'\`<>,;&]|&(?!\\w{1,20}=)){3,63}(?:[^\\s"'\`<>,;&.)\\]}:\\\\]|&(?!\\w{1,20}=))`;

const base = { type: 'PASSWORD', context: 'password', check: isPassword } as const;

const byContext: readonly FollowRule[] = [
  {
    ...base,
    detector: 'password-assigned',
    pattern: new RegExp(`(?:[ _-]?(?:confirm|again|value))?${MARKED}(?:\\\\["'])?(${PASSWORD_END})`, 'iy'),
    check: (value, reading, start) => isPassword(value, reading) && isAssigned(value, reading, start),
    confidence: 0.9,
    whole: /^\S.{2,126}\S$/,
  },
  {
    ...base,
    detector: 'password-said',
    pattern: new RegExp(`${SAID}(${PASSWORD_END})`, 'iy'),
    check: (value, reading, start) => isPassword(value) && isSaid(value, reading, start),
    confidence: 0.9,
  },
  {
    ...base,
    detector: 'password-quoted',
    pattern: new RegExp(`(?:[ \\t]+(?:of|as))?${ASSIGNED}\\s{0,3}["'\`‘“]([^"'\`’”\\n]{4,64})["'\`’”]`, 'iy'),
    check: (value, reading, start) => isPassword(value, reading) && !isPassedTo(reading, start - 1),
    confidence: 0.9,
  },
  {
    ...base,
    detector: 'password-in-quotes',
    pattern: /[ \t]{1,3}["'‘“]([^"'’”\n]{6,64})["'’”]/y,
    check: (value) => isPassword(value) && isWild(value),
    confidence: 0.8,
  },
  {
    ...base,
    detector: 'password-behind',
    pattern: new RegExp(`[ \\t]+(${PASSWORD_END})(?=[\\s.,;)]|$)`, 'y'),
    check: (value) => isPassword(value) && isWild(value),
    confidence: 0.7,
  },
  {
    ...base,
    context: 'curl',
    detector: 'password-of-curl',
    pattern: /[^\n]{0,120}?[ \t](?:-u|--user|-a|--auth)[ \t=]{1,3}["']?[^\s:"']{1,64}:(?!\/\/)([^\s"'@]{4,64})/y,
    confidence: 0.9,
  },
];

/** `mysql -psecret`: right behind the flag. */
const ofDatabaseClient: FollowRule = {
  type: 'PASSWORD',
  detector: 'password-of-client',
  context: 'dbcli',
  pattern: /[^\n]{0,80}?[ \t]-p["']?([^\s"'-][^\s"']{3,63})/y,
  check: isPassword,
  confidence: 0.85,
};

/** No piece of a program, no address, no constant such as `0x0B96`. */
function isAssigned(value: string, reading: Reading, start: number): boolean {
  return !/[([]|:\/\/|^0x[\da-f]{1,8}$/i.test(value) && !isCode(value, reading, start);
}

/** `the password is …`, but not `to pass to …`: the verb is no password's name. */
function isSaid(value: string, reading: Reading, start: number): boolean {
  if (/^[A-Za-z]?[a-z]+-?$/.test(value) || isCode(value, reading, start)) return false;
  return !isPassedTo(reading, start);
}

function isPassedTo(reading: Reading, start: number): boolean {
  return /\bpass[ \t]+to[ \t]+$/i.test(reading.text.slice(Math.max(reading.from, start - 10), start));
}

/** Written as nobody writes a word: digits or marks among letters, or capitals inside. */
function isWild(value: string): boolean {
  if (value.length < 7 || !/[A-Za-z]/.test(value) || /^[\w-]+\(|^--|[/\\]/.test(value)) return false;
  const turns = value.match(/[a-z][A-Z]|[A-Z]{2}[a-z]|_[A-Za-z]/g)?.length ?? 0;
  return /\d/.test(value) || /[!@#$%^&*+?]/.test(value) || turns > 1;
}

/** No placeholder, no call, no variable, no type name, no word of plain prose. */
function isPassword(value: string, reading?: Reading): boolean {
  const trimmed = value.replace(/[.,;:!?)]+$/, '');
  if (trimmed.length < 4 || isPlaceholder(trimmed)) return false;
  if (
    /^[$%{<[(]|[({[]$|^\w+(?:\.\w+)+\(|\(\)|^(?:os|process|env|self|this|config|settings|req|request|user|params)[.[]/.test(
      trimmed,
    )
  )
    return false;
  if (
    /^(?:new|not|required|must|incorrect|invalid|expired|protected|policy|reset|field|input|length|correct|wrong|str|char|varchar|hunter|changed|too|the|your|weak|strong|stored|hashed|encrypted|sent|known|lost|forgotten|missing)$/i.test(
      trimmed,
    )
  )
    return false;
  return !reading || /[^a-z]/.test(trimmed) || trimmed.length > 5;
}

export const passwords: Detector = {
  name: 'passwords',
  types: ['PASSWORD'],
  follows: [...byContext, ofDatabaseClient],
};

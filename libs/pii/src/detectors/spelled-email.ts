import { contextNumber } from '../scan/context.ts';
import type { Detector } from '../scan/dispatch.ts';
import type { Reading } from '../scan/reading.ts';

const EMAIL = contextNumber('email');
const OPEN = '[ \\t]{0,2}[([{<][ \\t]?';
const CLOSE = '[ \\t]?[)\\]}>][ \\t]{0,2}';
const AT = `(?:${OPEN}(?:at|@|arroba|ät|chez)${CLOSE}|[ \\t]{1,2}(?:at|AT|arroba|ät|chez)[ \\t]{1,2})`;
const DOT_WORD = '(?:dot|DOT|Dot|punkt|punto|ponto|point)';
const DOT = `(?:${OPEN}(?:${DOT_WORD}|\\.)${CLOSE}|[ \\t]{1,2}${DOT_WORD}[ \\t]{1,2}|\\.)`;
const PART = '[A-Za-z0-9][A-Za-z0-9_+-]{0,39}';
/** All that comes before the last `dot`, up to that word. */
const BEFORE = new RegExp(
  `(?<![A-Za-z0-9._@])(${PART}(?:${DOT}${PART}){0,3}${AT}${PART}(?:${DOT}${PART}){0,2})(?:${OPEN}|[ \\t]{1,2})${DOT_WORD}$`,
);
const TOP = /(?:[ \t]?[)\]}>][ \t]{0,2}|[ \t]{1,2})([A-Za-z]{2,10})(?![A-Za-z0-9])/y;
/** Words that stand behind `dot` in prose and are no ends of a host name. */
const ENDS =
  /^(?:com|org|net|edu|gov|mil|int|info|biz|name|io|co|me|dev|app|ai|uk|de|fr|es|it|pt|nl|pl|be|ch|at|se|no|dk|fi|ie|cz|eu|us|ca|au|nz|in|jp|cn|kr|br|mx|ar|cl|za|ru|ua|tr|gr|ro|hu|example|test|invalid|localhost)$/i;
const BACK = 140;

/** `jane dot doe at example dot org`, `jane [at] example [dot] org`. */
function lookAtDot(reading: Reading, at: number): void {
  TOP.lastIndex = at;
  const top = TOP.exec(reading.text);
  if (!top || TOP.lastIndex > reading.end || !ENDS.test(top[1] ?? '')) return;
  const before = BEFORE.exec(reading.text.slice(Math.max(reading.from, at - BACK), at));
  if (!before) return;
  const start = at - before[0].length;
  const confidence = trust(reading, start, before[1] ?? '');
  if (confidence === 0) return;
  const end = TOP.lastIndex;
  const why = 'an address spelled out';
  reading.add({ type: 'EMAIL_ADDRESS', start, end, confidence, proof: 2, detector: 'email-spelled', why });
}

/** `visit us at example dot com` and `the dot com bubble` are prose: nobody is called like that. */
const PROSE =
  /^(?:us|me|you|him|her|them|it|is|are|was|be|look|looking|find|found|buy|shop|visit|here|online|available|only|now|and|or|on|in|store|store|site|website|page|hosted|located|more|read|check|see)\b|\b(?:at|AT)[ \t]+(?:the|a|an|this|that|my|our|his|her|their|all|least|once|first|last|noon|night|home|work|end|any|some|each)\b/;

function trust(reading: Reading, start: number, spelled: string): number {
  if (PROSE.test(spelled)) return 0;
  const isWritten = /[([{<]|[._\d]|\b(?:dot|DOT|Dot|punkt|punto|ponto|point)\b/.test(spelled);
  return isWritten || reading.isNear(EMAIL, start, 24) ? 0.9 : 0.55;
}

const BRACKETED =
  /([A-Za-z0-9][A-Za-z0-9._+-]{0,40})[ \t]?[([{](?:at|AT|@|ät)[)\]}][ \t]?([A-Za-z0-9-]{1,40}(?:\.[A-Za-z0-9-]{1,40}){0,2}\.[A-Za-z]{2,10})(?![A-Za-z0-9])/y;

/** `jane(at)example.org`: looked for from the word before the bracket. */
export const spelledEmail: Detector = {
  name: 'spelled-email',
  types: ['EMAIL_ADDRESS'],
  words: { dot: lookAtDot, atsign: lookAtBrackets },
};

function lookAtBrackets(reading: Reading, at: number): void {
  const open = reading.code(at - 3);
  const isBracketed = open === 40 || open === 91 || open === 123;
  if (!isBracketed) return;
  let start = at - 3;
  if (reading.code(start - 1) === 32) start -= 1;
  const last = start;
  while (start > reading.from && last - start < 41 && /[A-Za-z0-9._+-]/.test(reading.text.charAt(start - 1)))
    start -= 1;
  BRACKETED.lastIndex = start;
  const value = BRACKETED.exec(reading.text)?.[0];
  if (value === undefined || start + value.length > reading.end) return;
  const end = start + value.length;
  const why = 'an address spelled out';
  reading.add({ type: 'EMAIL_ADDRESS', start, end, confidence: 0.95, proof: 2, detector: 'email-spelled', why });
}

import type { Detector, FollowRule } from '../scan/dispatch.ts';
import type { Reading } from '../scan/reading.ts';
import { flagsOf, IS_WORD } from '../names/name-table.ts';
import { isCode } from './code-words.ts';
import { ASSIGNED, MARKED } from './assigned.ts';

const COLON = 58;
const USER = '[A-Za-z0-9](?:[A-Za-z0-9._@\\\\-]{1,38}[A-Za-z0-9_])';

const username = { type: 'USERNAME', context: 'username', check: isUsername } as const;

/** `user` alone is a word of prose and code: only marks make what follows a name of an account. */
const rules: readonly FollowRule[] = [
  {
    ...username,
    detector: 'username',
    pattern: new RegExp(`(?:[ _-]?(?:name|id|account))?${ASSIGNED}(?:\\\\?["'\`@])?(${USER})(?!\\.?[\\w@(])`, 'iy'),
    confidence: 0.8,
    whole: new RegExp(`^${USER}$`),
  },
  {
    ...username,
    context: 'user',
    detector: 'user-assigned',
    pattern: new RegExp(`(?:[ _-]?(?:name|id|account))?${MARKED}(?:\\\\?["'\`@])?(${USER})(?!\\.?[\\w@(])`, 'iy'),
    check: (value, reading, start) => isUsername(value, reading, start) && isOwn(value, reading, start),
    confidence: 0.75,
    whole: new RegExp(`^${USER}$`),
  },
  {
    ...username,
    detector: 'username-quoted',
    pattern: new RegExp(`[ \\t]+["'‘“@](${USER})["'’”]?(?![\\w@(])`, 'iy'),
    confidence: 0.75,
  },
  {
    ...username,
    detector: 'username-behind',
    pattern: new RegExp(`[ \\t]+((?=[a-z0-9._-]{0,30}[0-9_.][a-z0-9])[a-z][a-z0-9._-]{2,30})(?![\\w@(])`, 'y'),
    confidence: 0.65,
  },
  {
    ...username,
    context: 'user',
    detector: 'username-of-log',
    pattern: new RegExp(
      `[ \\t]+["']?(${USER})["']?(?=[ \\t]+(?:logged|signed|authenticated|from|failed|connected))`,
      'y',
    ),
    check: (value, reading, start) => isUsername(value, reading, start) && !isPlainWord(value),
    confidence: 0.7,
  },
];

/** Some people are called by a word, but behind a bare `user` a word of the language is mostly just that. */
function isPlainWord(value: string): boolean {
  return (flagsOf(value) & IS_WORD) !== 0;
}

/** `user:read` is a right and `login:amd64` a package: bare words right behind the colon are names of no accounts. */
function isOwn(value: string, reading: Reading, start: number): boolean {
  return !isPlainWord(value) && (reading.code(start - 1) !== COLON || !/^[a-z]+(?:[-_][a-z]+)*$/.test(value));
}

function isUsername(value: string, reading: Reading, start: number): boolean {
  if (isCode(value, reading, start)) return false;
  if (/^\d+$/.test(value) && value.length < 6) return false;
  if (/[a-z][A-Z]|^(?:z|options|config|props|state|ctx|this|self|data|params)\./.test(value)) return false;
  if (/^[0-9a-f]{8}-|^\d+\.\d+\.\d+|^\d{4}-\d\d-\d\d/.test(value) || /\.(?:com|org|net|js|ts|py|json)$/i.test(value))
    return false;
  return !/^(?:await|new|async|function|this|self|ctx|undefined|data|result|response|request|req|session|object|get|find|create|typeof|return|const|let|var|the|a|an|is|not|and|or|in|to|of|for|from|on|by|with|was|has|name|user|agent|id|null|none|true|false|string|password|you|your|my|their|his|her|this|that|who|can|will|must|should|page|admin|root|assistant|system|guest|anonymous|unknown|logged|login|required|invalid)$/i.test(
    value,
  );
}

export const usernames: Detector = { name: 'usernames', types: ['USERNAME'], follows: rules };

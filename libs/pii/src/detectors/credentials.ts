import { entropy, isPlaceholder } from '../checks/entropy.ts';
import type { Detector, FollowRule } from '../scan/dispatch.ts';
import type { Reading } from '../scan/reading.ts';

/** `:`, `=`, `=>` and the like, or a verb, in front of a value; and a quote. */
const ASSIGNED = `(?:["'\`\\]]{0,2}[ \\t]{0,4}(?::=|=>|->|==?|:)\\s{0,4}|[ \\t]+(?:is|was|ist|lautet|est|es|é|è|jest|to|set to|wurde auf)(?: now| changed to| set to)?\\s*:?[ \\t]+|>)`;

/** Ends where a text goes on: a mark before space does not belong to it, nor does `&name=` of a query. */
const PASSWORD_END = `(?:[^\\s"'\`<>,;&]|&(?!\\w{1,20}=)){3,63}(?:[^\\s"'\`<>,;&.)\\]}:]|&(?!\\w{1,20}=))`;

function password(): FollowRule[] {
  const base = { type: 'PASSWORD', context: 'password' as const, check: isPassword };
  return [
    {
      ...base,
      detector: 'password-assigned',
      pattern: new RegExp(`(?:[ _-]?(?:confirm|again|value))?${ASSIGNED}(${PASSWORD_END})`, 'iy'),
      confidence: 0.9,
      whole: /^\S.{2,126}\S$/,
    },
    {
      ...base,
      detector: 'password-quoted',
      pattern: new RegExp(
        `(?:[ \\t]+(?:is|was|of|as|to))?(?:${ASSIGNED})?\\s{0,3}["'\`‘“]([^"'\`’”\\n]{4,64})["'\`’”]`,
        'iy',
      ),
      confidence: 0.9,
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
      pattern: /[^\n]{0,120}?[ \t](?:-u|--user|-a|--auth)[ \t=]{1,3}["']?[^\s:"']{1,64}:([^\s"'@]{4,64})/y,
      confidence: 0.9,
    },
  ];
}

/** `mysql -psecret`: right behind the flag. */
const ofDatabaseClient: FollowRule = {
  type: 'PASSWORD',
  detector: 'password-of-client',
  context: 'dbcli',
  pattern: /[^\n]{0,80}?[ \t]-p["']?([^\s"'-][^\s"']{3,63})/y,
  check: isPassword,
  confidence: 0.85,
};

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

function isSecret(value: string): boolean {
  if (isPlaceholder(value) || value.length < 10 || value.endsWith('..')) return false;
  if (/^[a-z]+(?:[-_.][a-z]+)*$/i.test(value) || /^(?:https?|file):/.test(value) || /[(){}$<>\s]/.test(value))
    return false;
  const hasBoth = /\d/.test(value) && /[A-Za-z]/.test(value);
  return hasBoth && entropy(value) > 3.1;
}

const SECRET_END = '[A-Za-z0-9+/=_.~!@#%^*-]';

/** `key` alone says little: hashes and article numbers have keys too. */
const weakKey: FollowRule = {
  type: 'API_KEY',
  detector: 'key-assigned',
  context: 'weakkey',
  pattern: new RegExp(`(?:[ _-]?(?:id|token|value))?${ASSIGNED}["'\`]?([A-Za-z0-9+/=_-]{20,512})(?![\\w.@])`, 'iy'),
  check: (value) => isSecret(value) && /[a-z]/.test(value) && /[A-Z]/.test(value) && entropy(value) > 3.4,
  confidence: 0.7,
  whole: /^[A-Za-z0-9+/=_-]{20,512}$/,
};

const bearer: FollowRule = {
  type: 'API_KEY',
  detector: 'bearer-token',
  context: 'bearer',
  pattern: /(?:[ \t]+|["':=\s]{1,6})([A-Za-z0-9._~+/=-]{16,2048})/y,
  check: (value) => isSecret(value) || (entropy(value) > 3.5 && /\d/.test(value)),
  confidence: 0.85,
};

const awsSecret: FollowRule = {
  type: 'API_KEY',
  detector: 'key-aws-secret',
  context: 'aws',
  pattern: /[^\n]{0,96}?(?<![A-Za-z0-9/+=])([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])/y,
  check: (value) => /[a-z]/.test(value) && /[A-Z]/.test(value) && /\d/.test(value) && entropy(value) > 4,
  confidence: 0.85,
};

const secret: FollowRule = {
  type: 'API_KEY',
  detector: 'secret-assigned',
  context: 'secret',
  pattern: new RegExp(`(?:[ _-]?(?:key|id|token|value|secret))?${ASSIGNED}["'\`]?(${SECRET_END}{10,512})`, 'iy'),
  check: isSecret,
  confidence: 0.8,
  whole: /^\S{10,512}$/,
};

const USER = '[A-Za-z0-9](?:[A-Za-z0-9._@\\\\-]{1,38}[A-Za-z0-9_])';

const username = { type: 'USERNAME', context: 'username', check: isUsername } as const;

const usernames: FollowRule[] = [
  {
    ...username,
    detector: 'username',
    pattern: new RegExp(`(?:[ _-]?(?:name|id|account))?${ASSIGNED}["'\`@]?(${USER})(?![\\w@(])`, 'iy'),
    confidence: 0.8,
    whole: new RegExp(`^${USER}$`),
  },
  {
    ...username,
    detector: 'username-quoted',
    pattern: new RegExp(`[ \\t]+["'\`‘“@](${USER})["'\`’”]?(?![\\w@(])`, 'iy'),
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
    detector: 'username-of-log',
    pattern: new RegExp(`[ \\t]+(${USER})(?=[ \\t]+(?:logged|signed|authenticated|from|failed|connected))`, 'y'),
    confidence: 0.7,
  },
];

function isUsername(value: string): boolean {
  if (/^\d+$/.test(value) && value.length < 6) return false;
  if (/^[0-9a-f]{8}-|^\d+\.\d+\.\d+|^\d{4}-\d\d-\d\d/.test(value) || /\.(?:com|org|net|js|ts|py|json)$/i.test(value))
    return false;
  return !/^(?:await|new|async|function|this|self|ctx|undefined|data|result|response|request|req|session|object|get|find|create|typeof|return|const|let|var|the|a|an|is|not|and|or|in|to|of|for|from|on|by|with|was|has|name|user|agent|id|null|none|true|false|string|password|you|your|my|their|his|her|this|that|who|can|will|must|should|page|admin|root|assistant|system|guest|anonymous|unknown|logged|login|required|invalid)$/i.test(
    value,
  );
}

export const credentials: Detector = {
  name: 'credentials',
  types: ['PASSWORD', 'USERNAME', 'API_KEY'],
  follows: [...password(), ofDatabaseClient, secret, weakKey, bearer, awsSecret, ...usernames],
};

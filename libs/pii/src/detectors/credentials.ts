import { entropy, isPlaceholder } from '../checks/entropy.ts';
import type { Detector, FollowRule } from '../scan/dispatch.ts';
import type { Reading } from '../scan/reading.ts';

/** `:`, `=`, `=>` and the like, or a verb, in front of a value; and a quote. */
const ASSIGNED = `(?:["'\`\\]]{0,2}[ \\t]{0,4}(?::=|=>|->|==?|:)\\s{0,4}|[ \\t]+(?:is|was|ist|lautet|est|es|é|è|jest|to|set to|wurde auf)(?: now| changed to| set to)?\\s*:?[ \\t]+|>)`;

function password(): FollowRule[] {
  const base = { type: 'PASSWORD', context: 'password' as const, check: isPassword };
  return [
    {
      ...base,
      detector: 'password-assigned',
      pattern: new RegExp(`(?:[ _-]?(?:hash|confirm|again))?${ASSIGNED}["'\`]?([^\\s"'\`<>,;&]{4,64})`, 'iy'),
      confidence: 0.9,
      whole: /^\S.{2,126}\S$/,
    },
    {
      ...base,
      detector: 'password-quoted',
      pattern: new RegExp(
        `(?:[ \\t]+(?:is|was|of|as|to))?${ASSIGNED}?\\s{0,3}["'\`‘“]([^"'\`’”\\n]{4,64})["'\`’”]`,
        'iy',
      ),
      confidence: 0.9,
    },
    {
      ...base,
      detector: 'password-behind',
      pattern: /[ \t]+(?=[^\s"'<>]{0,40}[0-9!@#$%^&*])([A-Za-z0-9!@#$%^&*+?_-]{6,40})(?=[\s.,;)]|$)/y,
      check: (value) => isPassword(value) && /\d/.test(value) && /[a-z]/i.test(value) && value.length > 6,
      confidence: 0.7,
    },
  ];
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
  if (isPlaceholder(value) || value.length < 10) return false;
  if (/^[a-z]+(?:[-_.][a-z]+)*$/i.test(value) || /^(?:https?|file):/.test(value) || /[(){}$<>\s]/.test(value))
    return false;
  const hasBoth = /\d/.test(value) && /[A-Za-z]/.test(value);
  return hasBoth && entropy(value) > 3.1;
}

const SECRET_END = '[A-Za-z0-9+/=_.~!@#%^*-]';

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

const username: FollowRule = {
  type: 'USERNAME',
  detector: 'username',
  context: 'username',
  pattern: new RegExp(
    `(?:[ _-]?(?:name|id|account))?(?:${ASSIGNED}["'\`@]?|[ \\t]+["'\`@]?(?=[a-z0-9._-]{0,30}[0-9_.]))(${USER})(?![\\w@(])`,
    'iy',
  ),
  check: isUsername,
  confidence: 0.8,
  whole: new RegExp(`^${USER}$`),
};

function isUsername(value: string): boolean {
  if (/^\d+$/.test(value) && value.length < 6) return false;
  if (/^[0-9a-f]{8}-|^\d+\.\d+\.\d+|^\d{4}-\d\d-\d\d/.test(value) || /\.(?:com|org|net|js|ts|py|json)$/i.test(value))
    return false;
  return !/^(?:the|a|an|is|not|and|or|in|to|of|for|from|on|by|with|was|has|name|user|agent|id|null|none|true|false|string|password|you|your|my|their|his|her|this|that|who|can|will|must|should|page|admin|root|assistant|system|guest|anonymous|unknown|logged|login|required|invalid)$/i.test(
    value,
  );
}

export const credentials: Detector = {
  name: 'credentials',
  types: ['PASSWORD', 'USERNAME', 'API_KEY'],
  follows: [...password(), secret, username],
};

import { entropy, isPlaceholder } from '../checks/entropy.ts';
import type { Detector, FollowRule } from '../scan/dispatch.ts';
import { ASSIGNED } from './assigned.ts';

function isSecret(value: string): boolean {
  // What is quickly seen comes first: a text may be made of thousands of candidates.
  if (value.length < 12 || value.endsWith('..') || !/\d/.test(value) || !/[A-Za-z]/.test(value)) return false;
  if (entropy(value) <= 3.1 || isPlaceholder(value)) return false;
  return !(
    /^(?:[a-z]+\d{0,2}[-_.])*[a-z]+(?:\.[a-z_$]+\d{0,2})?$/i.test(value) ||
    /^(?:https?|file):/.test(value) ||
    /[(){}$<>\s]/.test(value)
  );
}

const SECRET_END = '[A-Za-z0-9+/=_.~!@#%^*-]';

/** `key` alone says little: hashes and article numbers have keys too. */
const weakKey: FollowRule = {
  type: 'API_KEY',
  detector: 'key-assigned',
  context: 'weakkey',
  pattern: new RegExp(`(?:[ _-]?(?:id|token|value))?${ASSIGNED}["'\`]?([A-Za-z0-9+/=_-]{20,512})(?![\\w.@])`, 'iy'),
  check: (value) => /[a-z]/.test(value) && /[A-Z]/.test(value) && entropy(value) > 3.4 && isSecret(value),
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

/** Drawn at random: not a path, whose parts are words. */
function isDrawn(value: string): boolean {
  return /\d/.test(value) && value.split('/').filter((part) => /^[A-Za-z]{5,}$/.test(part)).length < 2;
}

const awsSecret: FollowRule = {
  type: 'API_KEY',
  detector: 'key-aws-secret',
  context: 'aws',
  pattern: /[^\n]{0,96}?(?<![A-Za-z0-9/+=])([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])/y,
  check: (value) => /[a-z]/.test(value) && /[A-Z]/.test(value) && isDrawn(value) && entropy(value) > 4,
  confidence: 0.85,
};

const secret: FollowRule = {
  type: 'API_KEY',
  detector: 'secret-assigned',
  context: 'secret',
  pattern: new RegExp(`(?:[ _-]?(?:key|id|token|value|secret))?${ASSIGNED}["'\`]?(${SECRET_END}{12,512})`, 'iy'),
  check: isSecret,
  confidence: 0.8,
  whole: /^\S{12,512}$/,
};

export const secretsByContext: Detector = {
  name: 'secrets-by-context',
  types: ['API_KEY'],
  follows: [secret, weakKey, bearer, awsSecret],
};

import type { Detector } from '../scan/dispatch.ts';
import type { Reading } from '../scan/reading.ts';

const JWT = /eyJ[A-Za-z0-9_-]{8,4000}\.(?:eyJ)?[A-Za-z0-9_-]{6,16000}\.[A-Za-z0-9_-]{0,2000}/y;
/** Encrypted ones have five parts. */
const JWE =
  /eyJ[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{0,2000}\.[A-Za-z0-9_-]{8,200}\.[A-Za-z0-9_-]{8,16000}\.[A-Za-z0-9_-]{8,200}/y;

/** Its first part is a JSON object that names an algorithm. */
function isJwt(value: string): boolean {
  const text = Buffer.from(value.slice(0, value.indexOf('.')), 'base64url').toString();
  // What is no object is told apart without an error: to throw one takes longer than all the rest.
  if (!text.trimEnd().endsWith('}')) return false;
  try {
    const header: unknown = JSON.parse(text);
    return typeof header === 'object' && header !== null && ('alg' in header || 'typ' in header || 'enc' in header);
  } catch {
    return false;
  }
}

const BEGIN = /-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----/y;
const END = /-----END (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----/g;
const MIN_BODY = 24;
const MAX_BODY = 20_000;

/** The whole block, or all that looks like one when its end was cut off. */
function lookAtDashes(reading: Reading, at: number): number {
  if (reading.code(at + 1) !== 45 || reading.code(at + 4) !== 45 || reading.code(at + 5) !== 66) return at;
  BEGIN.lastIndex = at;
  const begin = BEGIN.exec(reading.text)?.[0];
  if (begin === undefined) return at;
  END.lastIndex = at + begin.length;
  const stop = END.exec(reading.text.slice(0, Math.min(reading.end, at + MAX_BODY)));
  const end = stop ? stop.index + stop[0].length : bodyEnd(reading, at + begin.length);
  const body = reading.text.slice(at + begin.length, stop ? stop.index : end).replaceAll(/\\[nr]|\s/g, '');
  if (body.length < MIN_BODY) return at;
  reading.add({
    type: 'PRIVATE_KEY',
    start: at,
    end,
    confidence: 0.99,
    proof: 4,
    detector: 'private-key',
    why: 'a PEM block',
  });
  reading.taken = end;
  return end;
}

const BODY = /(?:\\[nr]|[A-Za-z0-9+/=\s:,-]){0,8000}/y;

function bodyEnd(reading: Reading, from: number): number {
  BODY.lastIndex = from;
  return Math.min(reading.end, from + (BODY.exec(reading.text)?.[0].trimEnd().length ?? 0));
}

/** Azure client secrets: `7Q~` or `8Q~` inside 37 or 40 characters; called at the tilde. */
const AZURE = /(?<![A-Za-z0-9_~.-])[A-Za-z0-9_~.]{3}\dQ~[A-Za-z0-9_~.-]{31,34}(?![A-Za-z0-9_~.-])/y;

function lookAtTilde(reading: Reading, at: number): number {
  const start = at - 5;
  if (start < reading.from || reading.text.charCodeAt(at - 1) !== 81) return at;
  AZURE.lastIndex = start;
  const value = AZURE.exec(reading.text)?.[0];
  if (value === undefined || /x{6}/.test(value)) return at;
  const end = start + value.length;
  reading.add({
    type: 'API_KEY',
    start,
    end,
    confidence: 0.95,
    proof: 3,
    detector: 'key-azure',
    why: 'the form of a client secret',
  });
  reading.taken = end;
  return end;
}

const TELEGRAM = /:A[A-Za-z0-9_-]{34}(?![A-Za-z0-9_-])/y;

/** A bot's number and its key. */
function lookAtColon(reading: Reading, at: number): number {
  if (reading.code(at + 1) !== 65) return at;
  const number = /(?<![A-Za-z0-9])\d{8,10}$/.exec(reading.text.slice(Math.max(reading.from, at - 11), at))?.[0];
  TELEGRAM.lastIndex = at;
  const key = number === undefined ? undefined : TELEGRAM.exec(reading.text)?.[0];
  if (number === undefined || key === undefined) return at;
  const start = at - number.length;
  const end = at + key.length;
  if (end > reading.end) return at;
  reading.add({
    type: 'API_KEY',
    start,
    end,
    confidence: 0.95,
    proof: 3,
    detector: 'key-telegram',
    why: 'the form of a bot token',
  });
  reading.taken = end;
  return end;
}

export const tokens: Detector = {
  name: 'tokens',
  types: ['JWT', 'PRIVATE_KEY', 'API_KEY'],
  prefixes: [
    { type: 'JWT', detector: 'jwe', prefix: 'eyJ', pattern: JWE, check: isJwt, confidence: 0.98, isLong: true },
    { type: 'JWT', detector: 'jwt', prefix: 'eyJ', pattern: JWT, check: isJwt, confidence: 0.99, isLong: true },
  ],
  looks: { '-': lookAtDashes, '~': lookAtTilde, ':': lookAtColon },
};

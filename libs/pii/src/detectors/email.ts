import type { Reading } from '../scan/reading.ts';
import type { Detector } from '../scan/dispatch.ts';

const MAX_LOCAL = 64;
const MAX_DOMAIN = 253;
const DOT = 46;
/** Letters, digits and what RFC 5322 lets stand in a local part, without the quotes and slashes around addresses. */
const LOCAL = marks("!#$%&*+-.^_`{|}~'");
const DOMAIN = marks('-.');
const NOT_DOMAINS =
  /\.(?:png|jpe?g|gif|svg|webp|css|js|ts|tsx|jsx|mjs|py|rb|go|java|cpp|h|html|json|ya?ml|md|txt|lock|local\.js)$/i;

function marks(others: string): Uint8Array {
  const table = new Uint8Array(128);
  for (let code = 48; code < 123; code += 1) {
    if (code < 58 || (code > 64 && code < 91) || code > 96) table[code] = 1;
  }
  for (const other of others) table[other.charCodeAt(0)] = 1;
  return table;
}

function isLocal(code: number): boolean {
  return code < 128 ? LOCAL[code] === 1 : (code >= 0xc0 && code < 0x530) || false;
}

function isDomain(code: number): boolean {
  return code < 128 ? DOMAIN[code] === 1 : code >= 0xc0 && code < 0x530;
}

/** Walks both ways from an @. What is behind it must be a host name with a top-level domain of letters. */
function lookAroundAt(reading: Reading, at: number): number {
  const { text } = reading;
  let start = at;
  const lowest = Math.max(reading.from, at - MAX_LOCAL);
  while (start > lowest && isLocal(text.charCodeAt(start - 1))) start -= 1;
  while (start < at && !isFirst(text.charCodeAt(start))) start += 1;
  if (start === at || text.charCodeAt(at - 1) === DOT) return at;
  const end = domainEnd(text, at + 1, Math.min(reading.end, at + 1 + MAX_DOMAIN));
  if (end < 0 || NOT_DOMAINS.test(text.slice(at + 1, end))) return at;
  const isUrlUser = reading.code(start - 1) === 58 && text.lastIndexOf('://', start) > start - 64;
  if (isUrlUser) return at;
  reading.add({
    type: 'EMAIL_ADDRESS',
    start,
    end,
    confidence: 0.98,
    proof: 3,
    detector: 'email',
    why: 'a host name behind the @',
  });
  reading.taken = end;
  return end;
}

/** An address begins with a letter, a digit or an underscore: other marks before it belong to the text. */
function isFirst(code: number): boolean {
  return (
    (code >= 48 && code < 58) || (code >= 65 && code < 91) || code === 95 || (code > 96 && code < 123) || code >= 128
  );
}

/** Where the host name ends that begins at `from`; -1 when it is none. */
function domainEnd(text: string, from: number, limit: number): number {
  let end = from;
  while (end < limit && isDomain(text.charCodeAt(end))) end += 1;
  while (end > from && (text.charCodeAt(end - 1) === DOT || text.charCodeAt(end - 1) === 45)) end -= 1;
  const domain = text.slice(from, end);
  const dot = domain.lastIndexOf('.');
  if (dot <= 0 || domain.length - dot < 3 || domain.includes('..') || domain.startsWith('-')) return -1;
  return /^\.(?:[\p{L}]{2,24}|xn--[a-z0-9-]{2,40})$/iu.test(domain.slice(dot)) ? end : -1;
}

export const email: Detector = { name: 'email', types: ['EMAIL_ADDRESS'], looks: { '@': lookAroundAt } };

import { dictionary } from '@zxcvbn-ts/language-common';
import type { Issue } from '#kernel';
import { PasswordRefused } from '../auth.errors.ts';

const SHORTEST = 15;
const LONGEST = 256;
/** Where the user is: the words an attacker tries first. */
const CONTEXT = ['llm', 'vault', 'llmdatavault', 'datavault', 'training', 'dataset', 'administrator', 'changeme'];
/** Shorter ones are in everything. */
const LEAST_PART = 4;
/** A password of so few parts that everybody knows is one that is tried. */
const FEW_PARTS = 2;
/** Characters left over that make nothing better: `!`, `1`, `2024`. */
const SMALL_REST = 4;

/** Digits and signs that are written for letters. */
const LETTERS: Record<string, string> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
};

const WALKS = [
  '0123456789',
  '9876543210',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  '1qaz2wsx3edc4rfv5tgb',
];

const common: ReadonlySet<string> = new Set(
  [...dictionary['passwords-common'], ...CONTEXT, 'correct', 'horse', 'battery', 'staple']
    .map((word) => word.toLowerCase())
    .filter((word) => word.length >= LEAST_PART),
);
/** A pass phrase that is in every book about pass phrases is a password everybody knows. */
const famous: ReadonlySet<string> = new Set([
  'correcthorsebatterystaple',
  'tobeornottobethatisthequestion',
  'thequickbrownfoxjumpsoverthelazydog',
]);

/** How many passwords and words are known to be tried first. */
export const knownPasswords = common.size;

/**
 * What NIST SP 800-63B-4 asks of a password: its length, and that it is not among the ones that are tried first. No
 * rules of composition: they make passwords worse.
 *
 * @throws PasswordRefused
 */
export function checkPassword(password: string, email: string, pointer: string): void {
  const detail = objection(password, email);
  if (!detail) return;
  const issues: Issue[] = [{ pointer, detail }];
  throw new PasswordRefused().with({ issues });
}

function objection(password: string, email: string): string | null {
  const { length } = Array.from(password);
  if (length < SHORTEST) return `expected at least ${SHORTEST} characters`;
  if (length > LONGEST) return `expected at most ${LONGEST} characters`;
  const own = email
    .toLowerCase()
    .split(/[@.+_-]/)
    .filter((part) => part.length >= LEAST_PART);
  const plain = password.toLowerCase().replaceAll(/[\s_.,;:-]/g, '');
  const written = plain.replaceAll(/[013457@$]/g, (sign) => LETTERS[sign]!);
  const address = email.toLowerCase().replaceAll(/[\s_.,;:-]/g, '');
  if (plain.includes(address)) return 'holds the e-mail address';
  if ([plain, written].some((text) => famous.has(text) || isFewParts(text, own)))
    return 'is made of words and rows of characters that are tried first';
  return null;
}

/** Whether a text is one or two known parts, again and again, with next to nothing beside them. */
function isFewParts(text: string, own: readonly string[]): boolean {
  const parts = new Set<string>();
  let rest = 0;
  for (let at = 0; at < text.length;) {
    const part = partAt(text, at, own);
    if (part) parts.add(part.name);
    else rest += 1;
    // A short number is one thing, such as a year.
    at += part?.length ?? /^\d{1,4}/.exec(text.slice(at, at + 4))?.[0].length ?? 1;
    if (parts.size > FEW_PARTS || rest > SMALL_REST) return false;
  }
  return true;
}

/** The longest known part that begins there. */
function partAt(text: string, at: number, own: readonly string[]): { name: string; length: number } | null {
  const run = runAt(text, at);
  let best = run >= LEAST_PART ? { name: 'row', length: run } : null;
  for (let length = Math.min(24, text.length - at); length >= LEAST_PART && length > (best?.length ?? 0); length -= 1) {
    const word = text.slice(at, at + length);
    if (common.has(word) || own.includes(word)) best = { name: word, length };
  }
  return best;
}

/** How far the same character, a piece that repeats, or a row of the keyboard goes on. */
function runAt(text: string, at: number): number {
  let longest = 0;
  for (let period = 1; period <= 4; period += 1) {
    let end = at + period;
    while (end < text.length && text[end] === text[end - period]) end += 1;
    if (end - at >= period * 3) longest = Math.max(longest, end - at);
  }
  for (const walk of WALKS) {
    let end = at + 1;
    const start = walk.indexOf(text[at]!);
    while (start >= 0 && end < text.length && walk[(start + end - at) % walk.length] === text[end]) end += 1;
    if (start >= 0) longest = Math.max(longest, end - at);
  }
  return longest;
}

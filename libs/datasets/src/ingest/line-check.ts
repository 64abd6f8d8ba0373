import { isUtf8 } from 'node:buffer';
import { wrongAt } from './json-place.ts';
import { MAX_RECORD } from './line-batcher.ts';
import type { LineError } from './line-error.ts';

/** Deeper than this no record is that anybody wrote by hand or exported from a chat. */
const MAX_DEPTH = 64;

type Wrong = Omit<LineError, 'line'>;

/** What is wrong with a line, or null when it is a JSON text (RFC 8259). Says where, never what stands there. */
export function wrongWith(bytes: Uint8Array, text: string): Wrong | null {
  if (bytes.length > MAX_RECORD) return { reason: 'longer than 4 MiB' };
  try {
    JSON.parse(text);
  } catch {
    return { column: wrongAt(text) + 1, reason: 'not valid JSON' };
  }
  return isTooDeep(text) ? { reason: `nested deeper than ${MAX_DEPTH} levels` } : null;
}

/** Lines that are not UTF-8 would come back altered. Looked at in one go for all lines, and one by one only if need be. */
export function notUtf8(bytes: Uint8Array): boolean {
  return !isUtf8(bytes);
}

function isTooDeep(text: string): boolean {
  // Most lines have fewer brackets than levels are allowed, in strings or not: nothing more to look at.
  return bracketsOf(text, '{') + bracketsOf(text, '[') > MAX_DEPTH && depthOf(text) > MAX_DEPTH;
}

function bracketsOf(text: string, bracket: string): number {
  let count = 0;
  for (let at = text.indexOf(bracket); at >= 0 && count <= MAX_DEPTH; at = text.indexOf(bracket, at + 1)) count += 1;
  return count;
}

/** Levels of a valid JSON text. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (inString) {
      if (char === '\\') at += 1;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === '{' || char === '[') deepest = Math.max(deepest, ++depth);
    else if (char === '}' || char === ']') depth -= 1;
  }
  return deepest;
}

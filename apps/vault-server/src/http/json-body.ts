import { isUtf8 } from 'node:buffer';
import { MalformedJson, UnsafeNumber } from './problem.ts';

const MAX_DEPTH = 64;

/**
 * A JSON body (RFC 8259) as it was meant, or an error: nothing is altered on its way in. Refuses what JavaScript would
 * change or trip over: bytes that are not UTF-8, integers beyond 2^53, keys that reach for prototypes, deep nesting.
 *
 * @throws MalformedJson, UnsafeNumber
 */
export function parseJsonBody(body: Buffer): unknown {
  if (!isUtf8(body)) throw new MalformedJson();
  const text = body.toString('utf8');
  // Only a text with this many digits in a row can hold an unsafe integer; most need no second look.
  const value = /\d{16}/.test(text) ? JSON.parse(text, refuseUnsafe) : JSON.parse(text);
  check(value, 0);
  return value;
}

/** `context.source` is the number as it was written (ECMAScript's JSON.parse source text access). */
function refuseUnsafe(_key: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source;
  if (typeof value === 'number' && source !== undefined && /^-?\d+$/.test(source) && !Number.isSafeInteger(value)) {
    throw new UnsafeNumber();
  }
  return value;
}

function check(value: unknown, depth: number): void {
  if (typeof value !== 'object' || value === null) return;
  if (depth >= MAX_DEPTH) throw new MalformedJson();
  for (const key of Object.keys(value)) {
    if (key === '__proto__' || (key === 'constructor' && hasPrototype(value))) throw new MalformedJson();
    check((value as Record<string, unknown>)[key], depth + 1);
  }
}

function hasPrototype(value: object): boolean {
  const { constructor } = value as { constructor?: unknown };
  return typeof constructor === 'object' && constructor !== null && Object.hasOwn(constructor, 'prototype');
}

import { isObject, isRawJSON, type Value } from './exact-json.ts';

/** What a column holds, as far as all records say. `json` is whatever has no one shape: it is written as JSON text. */
export type Shape =
  | { kind: 'nothing' | 'boolean' | 'integer' | 'number' | 'text' | 'json' }
  | { kind: 'list'; of: Shape }
  | { kind: 'struct'; fields: Map<string, Shape> };
export type Struct = Extract<Shape, { kind: 'struct' }>;

/** Beyond these it is no schema any more, but data in the place of one. */
const MAX_FIELDS = 1000;
const MAX_DEPTH = 16;
const MAX_INT64 = 2n ** 63n - 1n;

const NOTHING: Shape = { kind: 'nothing' };
const JSON_TEXT: Shape = { kind: 'json' };

export function shapeOf(value: Value | undefined, depth = 0): Shape {
  if (value === null || value === undefined) return NOTHING;
  if (typeof value === 'boolean') return { kind: 'boolean' };
  if (typeof value === 'string') return value.isWellFormed() ? { kind: 'text' } : JSON_TEXT;
  if (typeof value === 'number') return { kind: Number.isSafeInteger(value) ? 'integer' : 'number' };
  if (isRawJSON(value)) return rawShape(value.rawJSON);
  if (depth === MAX_DEPTH) return JSON_TEXT;
  if (Array.isArray(value)) {
    return { kind: 'list', of: value.reduce((all: Shape, each) => merged(all, shapeOf(each, depth + 1)), NOTHING) };
  }
  return structOf(Object.entries(value).map(([key, each]) => [key, shapeOf(each, depth + 1)]));
}

function rawShape(source: string): Shape {
  if (!/^-?\d+$/.test(source)) return { kind: 'number' };
  const value = BigInt(source);
  return value <= MAX_INT64 && value >= -MAX_INT64 ? { kind: 'integer' } : JSON_TEXT;
}

function structOf(fields: Iterable<readonly [string, Shape]>): Shape {
  const map = new Map(fields);
  const isNone = map.size === 0 || map.size > MAX_FIELDS || map.has('') || map.has('__proto__');
  return isNone ? JSON_TEXT : { kind: 'struct', fields: map };
}

/** What holds both. */
export function merged(a: Shape, b: Shape): Shape {
  if (a.kind === 'nothing') return b;
  if (b.kind === 'nothing') return a;
  if (a.kind === 'list' && b.kind === 'list') return { kind: 'list', of: merged(a.of, b.of) };
  if (a.kind === 'struct' && b.kind === 'struct') {
    const fields = new Map(a.fields);
    for (const [key, shape] of b.fields) fields.set(key, merged(fields.get(key) ?? NOTHING, shape));
    return structOf(fields);
  }
  if (a.kind === b.kind) return a;
  const numbers = ['integer', 'number'];
  return numbers.includes(a.kind) && numbers.includes(b.kind) ? { kind: 'number' } : JSON_TEXT;
}

/** A record as a row: one that is no object is in a column of its own. */
export function rowOf(value: Value): { [key: string]: Value } {
  return isObject(value) && Object.keys(value).length > 0 ? value : { value };
}

/** The columns of all rows; records of too many kinds for columns are one column of JSON. */
export function columnsOf(shape: Shape): Struct {
  return shape.kind === 'struct' ? shape : { kind: 'struct', fields: new Map([['value', JSON_TEXT]]) };
}

/** The row for those columns. */
export function rowFor(value: Value, shape: Shape): { [key: string]: Value } {
  return shape.kind === 'struct' ? rowOf(value) : { value };
}

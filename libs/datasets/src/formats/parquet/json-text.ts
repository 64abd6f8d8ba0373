import { isUtf8 } from 'node:buffer';
import type { ParquetParsers, SchemaElement, SchemaTree } from 'hyparquet';
import { elementOf, isListLike, isMapLike } from './schema.ts';

/** A value that JSON cannot hold, and where. */
export class NoJson extends Error {
  readonly keys: readonly string[];

  constructor(reason: string, keys: readonly string[]) {
    super(reason);
    this.keys = keys;
  }
}

/** JSON that is stored as JSON: it stays as it was written. */
class JsonSource {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What is there in place of a value that cannot be one: its description says why. */
const NOT_TEXT = Symbol('bytes that are no text in UTF-8');
const NO_TIME = Symbol('a time that no calendar has');
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** What the reader is to make of stored bytes: nothing that is not exactly what was stored. */
export const exactParsers: Partial<ParquetParsers> = {
  timestampFromMilliseconds: (millis) => timeText(millis, 1000n),
  timestampFromMicroseconds: (micros) => timeText(micros, 1_000_000n),
  timestampFromNanoseconds: (nanos) => timeText(nanos, 1_000_000_000n),
  dateFromDays: dayText,
  stringFromBytes: (bytes: Uint8Array | undefined) => bytes && textOf(bytes, 'BYTE_ARRAY'),
  jsonFromBytes: (bytes: Uint8Array | undefined) => bytes && new JsonSource(decoder.decode(bytes)),
};

/** The last that a calendar of the platform has. */
const LAST_SECOND = 8.64e12;

function dayText(days: number | undefined): string | symbol | undefined {
  if (days === undefined) return undefined;
  return Math.abs(days * 86_400) > LAST_SECOND ? NO_TIME : new Date(days * 86_400_000).toISOString().slice(0, 10);
}

function textOf(bytes: Uint8Array, type: SchemaElement['type']): string | symbol {
  return type === 'BYTE_ARRAY' && isUtf8(bytes) ? decoder.decode(bytes) : NOT_TEXT;
}

/** ISO 8601 in UTC, with as many digits as it takes. */
function timeText(units: bigint | undefined, perSecond: bigint): string | symbol | undefined {
  if (units === undefined) return undefined;
  const rest = ((units % perSecond) + perSecond) % perSecond;
  const seconds = Number((units - rest) / perSecond);
  const digits = String(rest)
    .padStart(String(perSecond).length - 1, '0')
    .replace(/0+$/, '');
  if (Math.abs(seconds) > LAST_SECOND) return NO_TIME;
  return `${new Date(seconds * 1000).toISOString().slice(0, -5)}${digits && `.${digits}`}Z`;
}

/** A value as JSON text. @throws NoJson */
export function jsonText(node: SchemaTree, value: unknown, keys: readonly string[], inList = false): string {
  if (value === null || value === undefined) return 'null';
  const { element, children } = node;
  if (element.repetition_type === 'REPEATED' && !inList) return listText(node, value, keys);
  if (isListLike(node)) return listText(elementOf(node), value, keys);
  if (isMapLike(node)) return objectText(Object.entries(value), () => children[0]!.children[1]!, keys);
  if (children.length === 0) return leafText(element, value, keys);
  const struct = value as Record<string, unknown>;
  const fields = children.map((child): [string, unknown] => [child.element.name, struct[child.element.name]]);
  return objectText(fields, (i) => children[i]!, keys);
}

function listText(node: SchemaTree, value: unknown, keys: readonly string[]): string {
  const items = Array.from(value as ArrayLike<unknown>, (item, i) => jsonText(node, item, [...keys, String(i)], true));
  return `[${items.join(',')}]`;
}

function objectText(
  fields: readonly [string, unknown][],
  nodeOf: (index: number) => SchemaTree,
  keys: readonly string[],
): string {
  const parts = fields.map(([key, value], i) => `${JSON.stringify(key)}:${jsonText(nodeOf(i), value, [...keys, key])}`);
  return `{${parts.join(',')}}`;
}

function leafText(element: SchemaElement, value: unknown, keys: readonly string[]): string {
  const { logical_type: logical, type } = element;
  if (logical?.type === 'DECIMAL') return decimalText(value, logical.scale);
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new NoJson('not a finite number', keys);
    return String(type === 'FLOAT' ? shortest(value) : value);
  }
  if (value instanceof JsonSource) return sourceText(value, keys);
  const text = value instanceof Uint8Array ? textOf(value, type) : value;
  if (typeof text === 'symbol') throw new NoJson(text.description ?? '', keys);
  return JSON.stringify(text);
}

function sourceText({ text }: JsonSource, keys: readonly string[]): string {
  try {
    JSON.parse(text);
  } catch {
    throw new NoJson('not valid JSON', keys);
  }
  return text.replaceAll(/[\r\n]+/g, ' ');
}

/** With every digit that is stored, and no other. */
function decimalText(value: unknown, scale: number): string {
  const unscaled = value instanceof Uint8Array ? signed(value) : BigInt(value as number | bigint);
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  return `${unscaled < 0n ? '-' : ''}${whole}${scale > 0 ? `.${digits.slice(-scale)}` : ''}`;
}

function signed(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt.asIntN(8 * bytes.length, BigInt(`0x${Buffer.from(bytes).toString('hex')}`));
}

/** The shortest decimal that is this number in single precision, as people wrote it. */
function shortest(value: number): number {
  for (let digits = 6; digits < 9; digits += 1) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return rounded;
  }
  return value;
}

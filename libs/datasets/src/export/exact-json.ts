/** Numbers that a double would make another one stay as they were written (ECMAScript's raw JSON). */
export interface RawJson {
  readonly rawJSON: string;
}
interface ExactJson {
  rawJSON(text: string): RawJson;
  isRawJSON(value: unknown): value is RawJson;
}
const exact = JSON as unknown as ExactJson;

export const isRawJSON = (value: unknown): value is RawJson => exact.isRawJSON(value);

export type Value = string | number | boolean | null | RawJson | Value[] | { [key: string]: Value };

/** A JSON text as a value that `JSON.stringify` gives back with every digit. */
export function parseExactly(text: string): Value {
  // Only a text with this many digits in a row can hold a number that is not exact; most need no second look.
  return (/\d[\d.]{15}/.test(text) ? JSON.parse(text, keepDigits) : JSON.parse(text)) as Value;
}

function keepDigits(_key: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source;
  if (typeof value !== 'number' || source === undefined || source.length < 16) return value;
  return String(value) === source ? value : exact.rawJSON(source);
}

export function isObject(value: unknown): value is { [key: string]: Value } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isRawJSON(value);
}

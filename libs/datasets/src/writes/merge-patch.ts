/** A JSON value in which numbers that JavaScript would alter stand as they were written. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json } | RawNumber;

/** What `JSON.rawJSON` makes: `JSON.stringify` writes its text as it is. */
interface RawNumber {
  rawJSON: string;
}

interface LosslessJson {
  parse(text: string, reviver: (key: string, value: unknown, context: { source?: string }) => unknown): unknown;
  rawJSON(text: string): RawNumber;
  isRawJSON(value: unknown): value is RawNumber;
}

const lossless = JSON as unknown as LosslessJson;

/** Parses so that writing it again gives every number as it was: no digit is lost on the way through. */
export function parseLossless(text: string): Json {
  return lossless.parse(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined && String(value) !== source ? lossless.rawJSON(source) : value,
  ) as Json;
}

export function isObject(value: unknown): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !lossless.isRawJSON(value);
}

/** RFC 7396: members of objects are merged, null takes a member away, anything else replaces. */
export function mergePatch(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  // By entries and not by assignment, which would take a member called __proto__ for something else.
  const merged = new Map(isObject(target) ? Object.entries(target) : []);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) merged.delete(key);
    else merged.set(key, mergePatch(merged.get(key), value));
  }
  return Object.fromEntries(merged);
}

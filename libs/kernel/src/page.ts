/** One page of a list. `nextCursor` is opaque outside; null on the last page. */
export interface Page<T> {
  items: T[];
  nextCursor: string | null;
  total?: number;
}

/** Packs a position into an opaque cursor (base64url of JSON). */
export function toCursor(position: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/** The position inside a cursor, or null when it is not one of ours with `length` parts. */
export function fromCursor(cursor: string, length: number): (string | number)[] | null {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (!Array.isArray(parsed) || parsed.length !== length) return null;
    return parsed.every((part) => typeof part === 'string' || typeof part === 'number') ? parsed : null;
  } catch {
    return null;
  }
}

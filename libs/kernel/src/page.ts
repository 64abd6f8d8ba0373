import { defineError } from './errors.ts';
import { isUuid } from './ids.ts';

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

export const BadCursor = defineError('bad-cursor', 'malformed', () => 'The cursor is not one this list gave out.');

/** Where a list that is ordered by id goes on; null at its beginning. @throws BadCursor */
export function idAfter(cursor: string | undefined): string | null {
  if (cursor === undefined) return null;
  const [id] = fromCursor(cursor, 1) ?? [];
  // The database takes nothing else for an id, and would answer with a failure of its own.
  if (typeof id !== 'string' || !isUuid(id)) throw new BadCursor();
  return id;
}

/** A page of a list that is ordered by id, from rows of which one more was asked for than `limit`. */
export function pageById<T extends { id: string }>(rows: readonly T[], limit: number): Page<T> {
  const items = rows.slice(0, limit);
  return { items, nextCursor: rows.length > limit ? toCursor([items.at(-1)!.id]) : null };
}

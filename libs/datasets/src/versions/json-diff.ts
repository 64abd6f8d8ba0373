import { pointerToken } from '#kernel';
import { isObject, type Json } from '../writes/merge-patch.ts';

export interface FieldChange {
  /** RFC 6901. */
  path: string;
  change: 'added' | 'removed' | 'changed';
}

/** The places where two JSON values differ, as deep as they can be told; no more than `limit` of them. */
export function fieldChanges(from: Json | undefined, to: Json | undefined, limit: number): FieldChange[] {
  const changes: FieldChange[] = [];
  compare(from, to, '', changes, limit);
  return changes;
}

export function isSame(a: Json | undefined, b: Json | undefined): boolean {
  return fieldChanges(a, b, 1).length === 0;
}

function compare(
  from: Json | undefined,
  to: Json | undefined,
  path: string,
  changes: FieldChange[],
  limit: number,
): void {
  if (changes.length >= limit) return;
  const names = membersOf(from, to);
  if (names) {
    for (const name of names)
      compare(memberOf(from, name), memberOf(to, name), `${path}/${pointerToken(name)}`, changes, limit);
    return;
  }
  if (JSON.stringify(from) === JSON.stringify(to)) return;
  changes.push({ path, change: from === undefined ? 'added' : to === undefined ? 'removed' : 'changed' });
}

/** What to go on with inside: the members of both when both are objects, or both arrays; null for anything else. */
export function membersOf(a: Json | undefined, b: Json | undefined): string[] | null {
  if (Array.isArray(a) && Array.isArray(b)) return Object.keys(a.length > b.length ? a : b);
  if (!isObject(a) || !isObject(b)) return null;
  return [...new Set([...Object.keys(a), ...Object.keys(b)])];
}

export function memberOf(value: Json | undefined, name: string): Json | undefined {
  const members = value as Record<string, Json> | undefined;
  return members !== undefined && Object.hasOwn(members, name) ? members[name] : undefined;
}

import { pointerToken } from '#kernel';
import type { Json } from '../writes/merge-patch.ts';
import { isSame, memberOf, membersOf } from './json-diff.ts';

export type Side = 'ours' | 'theirs';

export interface Merged {
  value: Json | undefined;
  /** RFC 6901: where both sides changed the same thing in different ways. */
  conflicts: string[];
}

/** What two changes of one JSON value come to together; where they conflict it is the preferred side's. */
export function threeWay(
  base: Json | undefined,
  ours: Json | undefined,
  theirs: Json | undefined,
  prefer: Side,
): Merged {
  const conflicts: string[] = [];
  const value = merge({ base, ours, theirs }, '', prefer, conflicts);
  return { value, conflicts };
}

interface Sides {
  base: Json | undefined;
  ours: Json | undefined;
  theirs: Json | undefined;
}

function merge(sides: Sides, path: string, prefer: Side, conflicts: string[]): Json | undefined {
  const { base, ours, theirs } = sides;
  if (isSame(ours, theirs) || isSame(base, theirs)) return ours;
  if (isSame(base, ours)) return theirs;
  const names = sharedMembers(sides);
  if (!names) {
    conflicts.push(path);
    return sides[prefer];
  }
  const merged = names.flatMap((name): [string, Json][] => {
    const inside = { base: memberOf(base, name), ours: memberOf(ours, name), theirs: memberOf(theirs, name) };
    const value = merge(inside, `${path}/${pointerToken(name)}`, prefer, conflicts);
    return value === undefined ? [] : [[name, value]];
  });
  return Array.isArray(ours) ? merged.map(([, value]) => value) : Object.fromEntries(merged);
}

/** Arrays are gone into only where nobody made them longer or shorter: what moved where cannot be told. */
function sharedMembers({ base, ours, theirs }: Sides): string[] | null {
  if (Array.isArray(ours) && Array.isArray(theirs)) {
    const isAligned = Array.isArray(base) && base.length === ours.length && base.length === theirs.length;
    return isAligned ? membersOf(ours, theirs) : null;
  }
  return base === undefined || membersOf(base, ours) ? membersOf(ours, theirs) : null;
}

import type { Issue } from '#kernel';
import { nameOf } from '../contents/content-hash.repository.ts';
import type { StoredVersion } from '../record-version.entity.ts';
import type { Change, NextVersion } from '../writes/change.ts';
import { SHOWN } from './gate.ts';
import type { Watch } from './gated.ts';

/** Changes that are to be watched. */
export interface Coming<W extends Watch> {
  changes: readonly Change[];
  /** All of them come as one: what one of them replaces is gone for the others. */
  together: boolean;
  /** Of new records that come after others: it goes on. */
  on?: W | undefined;
}

/** The version whose content comes again. */
export function takenFrom({ findings }: NextVersion): StoredVersion | null {
  return Array.isArray(findings) ? null : findings.of;
}

/** The versions that changes are about and that are there. */
export function storedIn(changes: readonly Change[]): StoredVersion[] {
  return changes.flatMap(({ before, after }) => [before ?? [], (after && takenFrom(after)) ?? []].flat());
}

/** What a version says that is to be, in hex; undefined where it is not known. */
export function hashAfter(after: NextVersion, known: ReadonlyMap<string, string>): string | undefined {
  const taken = takenFrom(after);
  if (taken) return known.get(nameOf(taken));
  return after.hash ? Buffer.from(after.hash).toString('hex') : undefined;
}

/** The first that is wrong with changes that come as one. */
export function wrongTogether(watch: Watch, changes: readonly Change[], isNew: (change: Change) => boolean): Issue[] {
  for (const change of changes) if (!isNew(change)) watch.take(change);
  const issues: Issue[] = [];
  for (const change of changes.filter(isNew).sort((a, b) => (a.recordId < b.recordId ? -1 : 1))) {
    issues.push(...watch.issuesOf(change));
    watch.take(change);
    if (issues.length === SHOWN) break;
  }
  return issues;
}

import type { VaultError } from '#kernel';
import type { StoredVersion } from '../record-version.entity.ts';
import { type Change, takenOver } from '../writes/change.ts';
import { ExternalIdTaken } from '../writes/write.errors.ts';
import { etagOf } from '../writes/write.ts';
import { QuarantineOutdated } from './quarantine.errors.ts';
import type { QuarantineItem } from './quarantine-item.entity.ts';

/** What there is of a branch that concerns a release. */
export interface OnBranch {
  /** Of the records that are to come, those that are there. */
  present: ReadonlyMap<string, StoredVersion>;
  /** Which record has an external id that one of them wants. */
  holders: ReadonlyMap<string, string>;
}

/**
 * What taking held versions over would do to a branch, or why one cannot be: the record there is no longer the one that it
 * was to replace, or somebody else has its name. Of two about the same record or name the first one comes.
 */
export function releaseChanges(
  items: readonly { item: QuarantineItem; version: StoredVersion }[],
  { present, holders }: OnBranch,
): (Change | VaultError)[] {
  const changed = new Set<string>();
  const names = new Map(holders);
  return items.map(({ item, version }) => {
    const { recordId } = item;
    const before = present.get(recordId) ?? null;
    if (changed.has(recordId) || (before && etagOf(before)) !== item.basedOn) return new QuarantineOutdated();
    const { externalId } = version;
    if (externalId && (names.get(externalId) ?? recordId) !== recordId) return new ExternalIdTaken();
    if (externalId) names.set(externalId, recordId);
    changed.add(recordId);
    return { recordId, before, after: takenOver(version) };
  });
}

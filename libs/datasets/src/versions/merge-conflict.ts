import { showId, type VaultError } from '#kernel';
import { MergeConflict } from './version.errors.ts';

export interface Conflict {
  recordId: string;
  /** RFC 6901 into content and attributes; empty where the whole record is in question. */
  path: string;
  reason: 'changed' | 'removed' | 'external-id';
}

const SHOWN = 100;

const REASONS: Record<Conflict['reason'], string> = {
  changed: 'Changed on both sides',
  removed: 'Removed on one side and changed on the other, or made on both',
  'external-id': 'Another record has this external id',
};

/** The refusal that lists them: places and reasons, never a value. */
export function conflictOf(conflicts: readonly Conflict[]): VaultError {
  const issues = conflicts.slice(0, SHOWN).map(({ recordId, path, reason }) => ({
    pointer: `/${showId('rec', recordId)}${path}`,
    detail: REASONS[reason],
  }));
  return new MergeConflict().with({ issues });
}

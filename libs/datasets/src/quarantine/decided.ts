import type { VaultError } from '#kernel';
import type { AskChoice } from '#pii-rules';
import type { QuarantineItem } from './quarantine-item.entity.ts';
import type { ItemFilter } from './quarantine.repository.ts';

/** Which records that are held back. */
export type Chosen = { ids: readonly string[] } | { filter: ItemFilter };

export interface AskDecision {
  chosen: Chosen;
  reason: string;
}

export interface AskRelease extends AskDecision {
  /** What is done about personal data in them before; left out, they are released as they are. */
  anonymize?: AskChoice;
}

/** What came of one of them. */
export interface DecidedItem {
  id: string;
  item: QuarantineItem | null;
  /** Onto its branch, where it was released. */
  commitId: string | null;
  /** Why it stays as it was. */
  refused: VaultError | null;
}

export interface Decided {
  items: DecidedItem[];
  /** Commits of releases, one for each branch. */
  commits: { branch: string; commitId: string }[];
  /** More fit the filter than are decided about at once. */
  hasMore: boolean;
}

/** As many are decided about at once. */
export const DECIDED_AT_ONCE = 1000;

import type { Issue } from '#kernel';
import {
  type ContentHashRepository,
  type HeldInSplits,
  nameOf,
  type Suspect,
} from '../contents/content-hash.repository.ts';
import type { Layer } from '../layers.ts';
import type { RecordRepository } from '../record.repository.ts';
import type { Change } from '../writes/change.ts';
import { type Coming, hashAfter, storedIn, wrongTogether } from './brought.ts';
import { type CommitLayersParts, layersAround } from './commit-layers.ts';
import { SHOWN } from './gate.ts';
import { leakIssue } from './gate.issues.ts';
import type { JudgedCommit, Onto } from './gate.repository.ts';

export interface LeakParts extends CommitLayersParts {
  hashes: Pick<ContentHashRepository, 'of' | 'inSplits' | 'suspects'>;
  records: Pick<RecordRepository, 'findAll'>;
}

/** What a record says, and in which split it is. */
interface Side {
  recordId: string;
  hash: string;
  split: string;
}

/** Finds contents that are in more than one split of a branch. Every method runs in the caller's transaction. */
export class Leaks {
  constructor(private readonly parts: LeakParts) {}

  /** The first of a commit whose rows are there. What was in two splits before is not looked at. */
  async inCommit(commit: JudgedCommit): Promise<Issue[]> {
    const issues: Issue[] = [];
    for (let after: string | null = null; issues.length < SHOWN;) {
      const page = await this.parts.hashes.suspects(commit.datasetId, commit, after);
      const inSplits = page.suspects.flatMap(({ split, ...said }) => (split === null ? [] : [{ ...said, split }]));
      if (inSplits.length > 0) issues.push(...(await this.among(commit, inSplits)));
      if (page.last === null) break;
      after = page.last;
    }
    return issues;
  }

  /** The first that changes would bring, which are none yet and come as one. */
  async foreseen(
    changes: readonly Change[],
    { datasetId, layers }: Pick<Onto, 'datasetId' | 'layers'>,
  ): Promise<Issue[]> {
    const watch = await this.watch(datasetId, layers, { changes, together: true });
    return wrongTogether(watch, changes, (change) => watch.newSideOf(change) !== null);
  }

  /**
   * What changes that are none yet are judged by, one after the other.
   *
   * @param coming see `Coming`
   */
  async watch(
    datasetId: string,
    layers: readonly Layer[],
    { changes, together, on }: Coming<LeakWatch>,
  ): Promise<LeakWatch> {
    const { hashes } = this.parts;
    const known = await hashes.of(datasetId, storedIn(changes));
    const watch = on ?? new LeakWatch(known, together ? changes.map(({ recordId }) => recordId) : []);
    const asked = [...new Set(changes.flatMap((change) => watch.newSideOf(change)?.hash ?? []))];
    watch.holders = await hashes.inSplits(datasetId, layers, asked, changes.length + 1);
    return watch;
  }

  private async among(commit: JudgedCommit, suspects: readonly (Suspect & { split: string })[]): Promise<Issue[]> {
    const { hashes, records } = this.parts;
    const { before, after } = await layersAround(this.parts, commit);
    const rows = await records.findAll(
      before,
      suspects.map(({ recordId }) => recordId),
    );
    const known = await hashes.of(commit.datasetId, rows);
    const there = new Map(rows.map((row) => [row.recordId, { split: row.split, hash: known.get(nameOf(row)) }]));
    const fresh = suspects.filter(({ recordId, hash, split }) => {
      const was = there.get(recordId);
      return !was || was.split !== split || ![undefined, hash].includes(was.hash);
    });
    const isFresh = new Set(fresh.map(({ recordId }) => recordId));
    const asked = [...new Set(fresh.map(({ hash }) => hash))];
    const held = await hashes.inSplits(commit.datasetId, after, asked, 1);
    return fresh.flatMap((side) => {
      // Of two that come at once the later one is told.
      const isTold = (id: string): boolean => !isFresh.has(id) || id < side.recordId;
      const other = otherIn(held.get(side.hash), side, isTold);
      return other ? [leakIssue(side, other)] : [];
    });
  }
}

/** Remembers what changes bring into which splits, and says of each whether that is in another one. */
export class LeakWatch {
  holders: ReadonlyMap<string, HeldInSplits> = new Map();
  private readonly brought = new Map<string, Map<string, string[]>>();
  /** Records of which it is not what is on the branch that counts. */
  private readonly gone: Set<string>;

  constructor(
    private readonly known: ReadonlyMap<string, string>,
    leaving: readonly string[],
  ) {
    this.gone = new Set(leaving);
  }

  /** Where the record is in a split after the change, and it or what it says there is new; null otherwise. */
  newSideOf(change: Change): Side | null {
    const { recordId, before } = change;
    const side = this.sideOf(change);
    if (!side || !before || before.split !== side.split) return side && { recordId, ...side };
    const said = this.known.get(nameOf(before));
    return said === undefined || said === side.hash ? null : { recordId, ...side };
  }

  /** What is wrong with a change: the same content is in another split, on the branch or among those that were taken. */
  issuesOf(change: Change): Issue[] {
    const side = this.newSideOf(change);
    if (!side) return [];
    const other =
      otherIn(this.brought.get(side.hash), side, () => true) ??
      otherIn(this.holders.get(side.hash), side, (id) => !this.gone.has(id));
    return other ? [leakIssue(side, other)] : [];
  }

  /** It comes onto the branch. */
  take(change: Change): void {
    this.gone.add(change.recordId);
    const side = this.sideOf(change);
    if (!side) return;
    const splits = this.brought.get(side.hash) ?? new Map<string, string[]>();
    this.brought.set(side.hash, splits.set(side.split, [...(splits.get(side.split) ?? []), change.recordId]));
  }

  private sideOf({ after }: Change): { hash: string; split: string } | null {
    const hash = after && hashAfter(after, this.known);
    return hash && after.split !== null ? { hash, split: after.split } : null;
  }
}

/** The first record that is in another split. */
function otherIn(
  held: HeldInSplits | undefined,
  { recordId, split }: Side,
  counts: (id: string) => boolean,
): Omit<Side, 'hash'> | null {
  for (const [other, ids] of held ?? []) {
    const id = other === split ? undefined : ids.find((each) => each !== recordId && counts(each));
    if (id !== undefined) return { recordId: id, split: other };
  }
  return null;
}

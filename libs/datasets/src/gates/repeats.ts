import type { Issue } from '#kernel';
import { type ContentHashRepository, nameOf } from '../contents/content-hash.repository.ts';
import type { Layer } from '../layers.ts';
import type { RecordRepository } from '../record.repository.ts';
import type { Change } from '../writes/change.ts';
import { type Coming, hashAfter, storedIn, wrongTogether } from './brought.ts';
import { type CommitLayersParts, layersAround } from './commit-layers.ts';
import { SHOWN } from './gate.ts';
import { repeatIssue } from './gate.issues.ts';
import type { JudgedCommit, Onto } from './gate.repository.ts';

export interface RepeatParts extends CommitLayersParts {
  hashes: Pick<ContentHashRepository, 'of' | 'holders' | 'suspects' | 'isComplete'>;
  records: Pick<RecordRepository, 'findAll'>;
}

/** A record, and another one of the branch that says the same. */
interface Repeat {
  recordId: string;
  otherId: string;
}

/** Finds records that say what others of a branch say already. Every method runs in the caller's transaction. */
export class Repeats {
  constructor(private readonly parts: RepeatParts) {}

  /** The first of a commit whose rows are there. What a record said before is not looked at. */
  async inCommit(commit: JudgedCommit): Promise<Issue[]> {
    const issues: Issue[] = [];
    for (let after: string | null = null; issues.length < SHOWN;) {
      const page = await this.parts.hashes.suspects(commit.datasetId, commit, after);
      if (page.suspects.length > 0) issues.push(...(await this.among(commit, page.suspects)));
      if (page.last === null) break;
      after = page.last;
    }
    return issues;
  }

  /** Whether all of a dataset is known, and not only what came in lately. */
  isComplete(datasetId: string): Promise<boolean> {
    return this.parts.hashes.isComplete(datasetId);
  }

  /** The first that changes would bring, which are none yet and come as one. */
  async foreseen(changes: readonly Change[], { datasetId, layers }: Omit<Onto, 'branch'>): Promise<Issue[]> {
    const watch = await this.watch(datasetId, layers, { changes, together: true });
    return wrongTogether(watch, changes, (change) => watch.newHashOf(change) !== undefined);
  }

  /**
   * What changes that are none yet are judged by, one after the other.
   *
   * @param coming see `Coming`
   */
  async watch(
    datasetId: string,
    layers: readonly Layer[],
    { changes, together, on }: Coming<RepeatWatch>,
  ): Promise<RepeatWatch> {
    const { hashes } = this.parts;
    const known = await hashes.of(datasetId, storedIn(changes));
    const leaving = new Set(together ? changes.map(({ recordId }) => recordId) : []);
    const watch = on ?? new RepeatWatch(known, leaving);
    const asked = [...new Set(changes.flatMap((change) => watch.newHashOf(change) ?? []))];
    watch.holders = await hashes.holders(datasetId, layers, asked, leaving.size + 2);
    return watch;
  }

  private async among(commit: JudgedCommit, suspects: readonly { recordId: string; hash: string }[]): Promise<Issue[]> {
    const { hashes, records } = this.parts;
    const { before, after } = await layersAround(this.parts, commit);
    const ids = suspects.map(({ recordId }) => recordId);
    const rows = await records.findAll(before, ids);
    const known = await hashes.of(commit.datasetId, rows);
    const said = new Map(rows.map((row) => [row.recordId, known.get(nameOf(row))]));
    const isNew = (recordId: string, hash: string): boolean =>
      !said.has(recordId) || ![undefined, hash].includes(said.get(recordId));
    const fresh = suspects.filter(({ recordId, hash }) => isNew(recordId, hash));
    const isFresh = new Set(fresh.map(({ recordId }) => recordId));
    const asked = [...new Set(fresh.map(({ hash }) => hash))];
    const holders = await hashes.holders(commit.datasetId, after, asked, 2);
    const repeats = fresh.flatMap(({ recordId, hash }): Repeat[] => {
      const otherId = holders.get(hash)?.find((id) => id !== recordId);
      // Of two that come at once the later one repeats the other.
      const isFirst = otherId !== undefined && isFresh.has(otherId) && recordId < otherId;
      return otherId === undefined || isFirst ? [] : [{ recordId, otherId }];
    });
    return repeats.map(({ recordId, otherId }) => repeatIssue(recordId, otherId));
  }
}

/** Remembers what changes bring, and says of each what it repeats. */
export class RepeatWatch {
  holders: ReadonlyMap<string, readonly string[]> = new Map();
  private readonly brought = new Map<string, string>();

  constructor(
    private readonly known: ReadonlyMap<string, string>,
    private readonly leaving: ReadonlySet<string>,
  ) {}

  /** Of what the record says after the change, and did not before; undefined where it is not known whether it did. */
  newHashOf(change: Change): string | undefined {
    const hash = this.hashOf(change);
    if (!change.before) return hash;
    const said = this.known.get(nameOf(change.before));
    return said === undefined || said === hash ? undefined : hash;
  }

  /** What is wrong with a change: another record says the same, on the branch or among those that were taken. */
  issuesOf(change: Change): Issue[] {
    const hash = this.newHashOf(change);
    if (hash === undefined) return [];
    const { recordId } = change;
    const isOther = (id: string | undefined): boolean => id !== undefined && id !== recordId;
    const taken = this.brought.get(hash);
    const otherId = isOther(taken) ? taken : this.holders.get(hash)?.find((id) => isOther(id) && !this.leaving.has(id));
    return otherId === undefined ? [] : [repeatIssue(recordId, otherId)];
  }

  /** It comes onto the branch. */
  take(change: Change): void {
    const hash = this.hashOf(change);
    if (hash !== undefined && !this.brought.has(hash)) this.brought.set(hash, change.recordId);
  }

  private hashOf({ after }: Change): string | undefined {
    return after ? hashAfter(after, this.known) : undefined;
  }
}

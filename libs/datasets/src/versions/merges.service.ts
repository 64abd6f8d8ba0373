import type { Audit } from '#audit';
import type { Database } from '#database';
import { type Principal, showId, VaultError } from '#kernel';
import type { Branch } from '../branch.entity.ts';
import type { Commit } from '../commit.entity.ts';
import { BranchProtected, RefNotFound, VersionConflict } from '../dataset.errors.ts';
import type { Refs, Seen } from '../refs.ts';
import { isMadeBy } from '../schemas/record.rules.ts';
import type { BranchWriter, HeldBranch } from '../writes/branch.writer.ts';
import { type Conflict, conflictOf } from './merge-conflict.ts';
import type { MergeContents } from './merge.contents.ts';
import type { Foreseen, MergeForesight } from './merge.foresight.ts';
import type { MergeOptions, MergePlanner, PlannedChange } from './merge.planner.ts';
import { CommitHasNoParent } from './version.errors.ts';

export interface AskMerge extends MergeOptions {
  branch?: string;
  message?: string;
  /** Only says what would happen. */
  dryRun?: boolean;
}

/** Under which a branch takes something in that was reviewed. */
export interface Terms {
  /** In the transaction that holds the branch. Gives what the commit says. @throws what is not fulfilled */
  admit(held: HeldBranch, theirs: Seen): Promise<string>;
  /** In the same transaction. */
  done(commit: Commit): Promise<void>;
}

export interface Merge {
  /** Null when there was nothing to do, or nothing was to be done. */
  commit: Commit | null;
  changes: number;
  conflicts: Conflict[];
  /** Of a dry run that meets no conflict. */
  foreseen?: Foreseen;
}

export interface MergesParts {
  database: Database;
  refs: Refs;
  planner: MergePlanner;
  contents: MergeContents;
  foresight: MergeForesight;
  writer: BranchWriter;
  audit: Audit;
}

/** What is to be taken into a branch: what `theirs` did since `base`. */
interface Incoming {
  base: Seen;
  theirs: Seen;
  action: 'branch.merge' | 'branch.revert' | 'branch.cherry-pick';
  message: string;
  otherParents: Commit[];
  terms?: Terms;
}

/** Tries at a branch that others keep moving meanwhile; the last one locks it. */
const TRIES = 3;
/** Brings the work of one branch into another, and takes single commits over or back. */
export class MergesService {
  constructor(private readonly parts: MergesParts) {}

  /**
   * As a commit with two parents. A branch that asks for approvals takes nothing in but on terms.
   *
   * @throws DatasetNotFound, RefNotFound, BranchProtected, MergeConflict, MergeTooLarge, VersionConflict, and what the terms throw
   */
  merge(caller: Principal, datasetId: string, from: string, ask: AskMerge, terms?: Terms): Promise<Merge> {
    const { refs, planner } = this.parts;
    return this.bring(caller, datasetId, ask, async (ours) => {
      const theirs = await refs.resolve(datasetId, from);
      const base = await planner.bases.of(ours, theirs);
      const message = `Merge ${showId('cm', theirs.commit.id)}`;
      const otherParents = base.commit.id === theirs.commit.id ? [] : [theirs.commit];
      return { base, theirs, message, otherParents, terms, action: 'branch.merge' };
    });
  }

  /** Takes back what a commit did to its first parent. @throws as `merge`, and BranchProtected, CommitHasNoParent */
  revert(caller: Principal, datasetId: string, ref: string, ask: AskMerge): Promise<Merge> {
    return this.bring(caller, datasetId, ask, async () => {
      const { commit, parent } = await this.withParent(datasetId, ref);
      const message = `Revert ${showId('cm', commit.commit.id)}`;
      return { base: commit, theirs: parent, message, otherParents: [], action: 'branch.revert' };
    });
  }

  /** Does once more what a commit did to its first parent. @throws as `revert` */
  cherryPick(caller: Principal, datasetId: string, ref: string, ask: AskMerge): Promise<Merge> {
    return this.bring(caller, datasetId, ask, async () => {
      const { commit, parent } = await this.withParent(datasetId, ref);
      const { message } = commit.commit;
      return { base: parent, theirs: commit, message, otherParents: [], action: 'branch.cherry-pick' };
    });
  }

  private async bring(
    caller: Principal,
    datasetId: string,
    ask: AskMerge,
    incoming: (ours: Seen) => Promise<Incoming>,
  ): Promise<Merge> {
    const { database, writer } = this.parts;
    for (let attempt = 1; attempt < TRIES; attempt += 1) {
      const merge = await this.attempt(caller, datasetId, ask, incoming);
      if (merge) return merge;
    }
    // Others are faster again and again: now they wait.
    return database.inTenant(caller.tenantId, async () => {
      await writer.hold(datasetId, ask.branch);
      const merge = await this.attempt(caller, datasetId, ask, incoming);
      if (!merge) throw new VersionConflict();
      return merge;
    });
  }

  /** Null when the branch has moved on meanwhile. */
  private async attempt(
    caller: Principal,
    datasetId: string,
    ask: AskMerge,
    incoming: (ours: Seen) => Promise<Incoming>,
  ): Promise<Merge | null> {
    const { database, refs, planner, foresight } = this.parts;
    const { tenantId } = caller;
    const { ours, what } = await database.inTenant(tenantId, async () => {
      const head = await refs.resolveBranch(datasetId, ask.branch);
      return { ours: head, what: await incoming(head) };
    });
    if (!ask.dryRun) mustBeOpen(ours.branch, what);
    const { base, theirs } = what;
    const { changes, conflicts } = await planner.plan(tenantId, { base, ours, theirs }, ask);
    const merge = { commit: null, changes: changes.length, conflicts };
    if (ask.dryRun) {
      if (conflicts.length > 0) return merge;
      return { ...merge, foreseen: await foresight.of(tenantId, ours, changes) };
    }
    if (conflicts.length === 0 && changes.length === 0 && what.otherParents.length === 0) return merge;
    if (conflicts.length > 0) throw conflictOf(conflicts);
    const commit = await this.commit(caller, datasetId, ask, { ours, what, changes });
    return commit && { ...merge, commit };
  }

  /** Null when the branch has moved on since the plan was made. */
  private async commit(
    caller: Principal,
    datasetId: string,
    { branch, message }: AskMerge,
    { ours, what, changes: planned }: { ours: Seen; what: Incoming; changes: PlannedChange[] },
  ): Promise<Commit | null> {
    const { database, refs, writer, audit, contents } = this.parts;
    const { changes, segments, by } = await contents.made(caller.tenantId, datasetId, planned);
    const commit = await database
      .inTenant(caller.tenantId, async () => {
        const held = await writer.hold(datasetId, branch);
        if (!held) throw new RefNotFound();
        mustBeOpen(held.branch, what);
        const admitted = await what.terms?.admit(held, what.theirs);
        if (held.head.id !== ours.commit.id || !isMadeBy(by, held)) return null;
        // Purged meanwhile, not all of it may have been seen; from here on it stays.
        await refs.hold(what.base.commit, what.theirs.commit);
        const { otherParents } = what;
        const draft = { author: caller, message: admitted ?? message ?? what.message, changes, otherParents, acts: [] };
        const [made] = await writer.append(held, [draft], segments);
        const details = {
          commit: showId('cm', made!.id),
          of: showId('cm', what.theirs.commit.id),
          records: changes.length,
        };
        await audit.append(caller, { action: what.action, resource: showId('ds', datasetId), details });
        await what.terms?.done(made!);
        return made!;
      })
      .catch(async (error: unknown) => {
        if (error instanceof VaultError && error.kind !== 'unavailable') await contents.discard(segments);
        throw error;
      });
    if (!commit) await contents.discard(segments);
    return commit;
  }

  private async withParent(datasetId: string, ref: string): Promise<{ commit: Seen; parent: Seen }> {
    const commit = await this.parts.refs.resolve(datasetId, ref);
    const [first] = commit.commit.parentIds;
    const parent = first && (await this.parts.refs.at(datasetId, first));
    if (!parent) throw new CommitHasNoParent();
    return { commit, parent };
  }
}

/** @throws BranchProtected */
function mustBeOpen({ isProtected, requiredApprovals }: Branch, { action, terms }: Incoming): void {
  if (isProtected && action !== 'branch.merge') throw new BranchProtected();
  if (requiredApprovals > 0 && !terms) throw new BranchProtected();
}

import type { Audit } from '#audit';
import type { MerkleTree } from '#crypto';
import type { Database } from '#database';
import { newId, type Principal, showId } from '#kernel';
import type { Outbox } from '#queue';
import type { Branch } from './branch.entity.ts';
import type { Changes, Commit } from './commit.entity.ts';
import { publishedOn } from './commit-row.ts';
import { BranchProtected, RefNotFound, VersionConflict } from './dataset.errors.ts';
import type { DatasetRepository } from './dataset.repository.ts';
import { isTraced, NO_TRACES, type Traces } from './contents/traces.ts';
import { type Gate, tracesOf } from './gates/gate.ts';
import type { GateJudge } from './gates/gate.judge.ts';
import { addStatistics, emptyStatistics, splitsAfter, type SplitTurn, type Statistics } from './statistics.ts';

/** A commit that has begun: rows may be written under its seq, and nobody sees them. */
export interface StagedCommit {
  id: string;
  tenantId: string;
  datasetId: string;
  branchId: string;
  seq: number;
  message: string;
  author: Principal;
}

/** What was staged under it. */
export interface Staged {
  statistics: Statistics;
  leaves: MerkleTree;
  /** Of the dataset, by which each record was looked at. */
  schemaVersion: number;
  /** What it did; nothing but adding records when left out. */
  changes?: Changes;
  /** What is known of what each record says; nothing when left out. */
  traces?: Traces;
  /** Where it only puts records into other splits: from which into which. */
  turns?: readonly SplitTurn[];
}

/** Begins and publishes commits. Between the two anything may happen, and only the head's move makes it count. */
export class CommitWriter {
  constructor(
    private readonly database: Database,
    private readonly datasets: DatasetRepository,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
    private readonly judge: GateJudge,
  ) {}

  /** Takes a place on the branch, in the caller's transaction. */
  async stage(author: Principal, branch: Branch, message: string): Promise<StagedCommit> {
    const { tenantId, datasetId } = branch;
    const id = newId();
    const seq = await this.datasets.nextSeq(branch.id);
    await this.datasets.insertCommit({
      id,
      tenantId,
      datasetId,
      branchId: branch.id,
      seq,
      state: 'staged',
      parentIds: [],
      authorId: author.id,
      message,
    });
    return { id, tenantId, datasetId, branchId: branch.id, seq, message, author };
  }

  /**
   * Makes a staged commit the head of its branch by compare-and-swap, with its audit and outbox rows and whatever
   * `also` does, all in one transaction. Of several at once each waits for its turn, and takes the one before as parent.
   *
   * @throws VersionConflict, BranchProtected, RefNotFound, GateFailed
   */
  async publish(staged: StagedCommit, what: Staged, also: () => Promise<void>): Promise<void> {
    await this.database.inTenant(staged.tenantId, async () => {
      const { parent, branch, gates } = await this.head(staged, what);
      if (!(await this.datasets.moveHead(staged.branchId, parent.id, staged.id))) throw new VersionConflict();
      await this.write(staged, parent, what);
      await also();
      await this.judge.judge({ ...staged, ...(what.turns && { sameContents: true }) }, branch, gates);
    });
  }

  private async head(
    staged: StagedCommit,
    { schemaVersion, traces = NO_TRACES, turns }: Staged,
  ): Promise<{ parent: Commit; branch: string; gates: Gate[] }> {
    const branch = await this.datasets.lockBranch(staged.branchId);
    if (branch?.is_protected) throw new BranchProtected();
    // Given up meanwhile: what would be published there nobody could find.
    if (!branch?.name) throw new RefNotFound();
    const dataset = await this.datasets.mustFind(staged.datasetId);
    // Each record was looked at, but by a schema that holds no longer.
    if (dataset.schemaVersion !== schemaVersion) throw new VersionConflict();
    // By gates that had to know less.
    if (!turns && !isTraced(traces, tracesOf(dataset.gates))) throw new VersionConflict();
    const commit = await this.datasets.findHead(staged.branchId);
    if (!commit) throw new Error('a branch without a head');
    return { parent: commit, branch: branch.name, gates: dataset.gates };
  }

  private async write(
    staged: StagedCommit,
    parent: Commit,
    { statistics: added, leaves, changes = { added: added.records }, turns = [] }: Staged,
  ): Promise<void> {
    const statistics = addStatistics(structuredClone(parent.statistics ?? emptyStatistics()), added);
    statistics.recordsBySplit = splitsAfter(statistics.recordsBySplit, turns);
    // Seqs count on their own branch: where the parent is on another, nothing of this one was visible.
    const before = parent.branchId === staged.branchId ? (parent.visibleSeq ?? 0) : 0;
    const visibleSeq = Math.max(before, staged.seq);
    const unpublished = await this.datasets.unpublishedBelow(staged.branchId, visibleSeq);
    const published = await this.datasets.updateCommit(staged.id, 'staged', {
      jobId: null,
      leaseUntil: null,
      visibleSeq,
      hiddenSeqs: unpublished.filter((seq) => seq !== staged.seq),
      ...publishedOn(parent, {
        authorId: staged.author.id,
        message: staged.message,
        merkleRoot: Buffer.from(leaves.root()),
        changes,
        statistics,
      }),
    });
    // Given up meanwhile, because its process was taken for dead: nothing of it may appear.
    if (!published) throw new VersionConflict();
    const details = { commit: showId('cm', staged.id), ...changes };
    await this.audit.append(staged.author, {
      action: 'commit.create',
      resource: showId('ds', staged.datasetId),
      details,
    });
    await this.outbox.tell(staged.tenantId, 'commit.created', {
      dataset_id: showId('ds', staged.datasetId),
      ...details,
    });
  }
}

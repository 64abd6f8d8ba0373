import type { Audit } from '#audit';
import { MerkleTree } from '#crypto';
import { type Principal, showId } from '#kernel';
import type { Outbox } from '#queue';
import type { BranchRepository } from '../branch.repository.ts';
import type { Commit } from '../commit.entity.ts';
import { commitOn } from '../commit-row.ts';
import { VersionConflict } from '../dataset.errors.ts';
import type { DatasetRepository } from '../dataset.repository.ts';
import type { GateJudge } from '../gates/gate.judge.ts';
import { emptyStatistics, splitsAfter, type Statistics } from '../statistics.ts';
import type { HeldBranch } from '../writes/branch.writer.ts';
import type { ChangeRepository } from '../writes/change.repository.ts';
import type { SplitPlan } from './split.plan.ts';
import type { SplitRepository } from './split.repository.ts';

/** Rows that are written by one statement. */
const AT_ONCE = 5000;

export interface SplitWriterParts {
  splits: SplitRepository;
  changes: Pick<ChangeRepository, 'close'>;
  branches: Pick<BranchRepository, 'insertCommits' | 'advance'>;
  datasets: Pick<DatasetRepository, 'unpublishedBelow'>;
  audit: Audit;
  outbox: Outbox;
  judge: GateJudge;
}

export interface SplitCommit {
  author: Principal;
  message: string;
  signal: AbortSignal;
}

/** One commit that puts records into splits. Content stays where it lies: rows are written, and nothing is sealed. */
export class SplitWriter {
  constructor(private readonly parts: SplitWriterParts) {}

  /** In the caller's transaction, which holds the branch. Null when there is nothing to do. @throws VersionConflict, GateFailed */
  async write(held: HeldBranch, plan: SplitPlan, { author, message, signal }: SplitCommit): Promise<Commit | null> {
    const { branches, datasets } = this.parts;
    const { branch, head } = held;
    const seq = branch.nextSeq;
    const statistics = structuredClone(head.statistics ?? emptyStatistics());
    const leaves = await this.move(held, plan, { statistics, signal });
    if (leaves.size === 0) return null;
    const commit = commitOn(branch, { seq, hiddenSeqs: await datasets.unpublishedBelow(branch.id, seq) }, head, {
      authorId: author.id,
      message,
      merkleRoot: Buffer.from(leaves.root()),
      changes: { added: 0, changed: leaves.size, removed: 0 },
      statistics,
    });
    await branches.insertCommits([commit]);
    if (!(await branches.advance(branch.id, head.id, commit.id, seq + 1))) throw new VersionConflict();
    await this.tell(author, commit);
    await this.parts.judge.judge(Object.assign(commit, { sameContents: true as const }), branch.name, held.gates);
    return commit;
  }

  /** The leaves of what was written, in the order of record ids; what it comes to is counted in `statistics`. */
  private async move(
    { branch, layers }: HeldBranch,
    plan: SplitPlan,
    { statistics, signal }: { statistics: Statistics; signal: AbortSignal },
  ): Promise<MerkleTree> {
    const { splits, changes } = this.parts;
    const { tenantId, datasetId, id: branchId, nextSeq } = branch;
    const leaves = new MerkleTree();
    for (const some of plan.moves(AT_ONCE)) {
      signal.throwIfAborted();
      const moved = await splits.move({ tenantId, datasetId, branchId }, nextSeq, layers, some);
      const ids = moved.map(({ record_id: id }) => id);
      await changes.close(branchId, ids, new Array<number>(ids.length).fill(nextSeq));
      const turns = moved.map(({ before: from, next: to }) => ({ from, to }));
      statistics.recordsBySplit = splitsAfter(statistics.recordsBySplit, turns);
      leaves.appendMany(Buffer.concat(moved.map(({ leaf }) => leaf)));
    }
    return leaves;
  }

  private async tell(author: Principal, { id, tenantId, datasetId, branchId, changes }: Commit): Promise<void> {
    const { audit, outbox } = this.parts;
    const [dataset, commit] = [showId('ds', datasetId), showId('cm', id)];
    const details = { commit, branch: branchId, ...changes };
    await audit.append(author, { action: 'commit.create', resource: dataset, details });
    await outbox.tell(tenantId, 'commit.created', { dataset_id: dataset, commit, ...changes });
  }
}

import type { Issue } from '#kernel';
import type { BranchRepository } from '../branch.repository.ts';
import type { Commit } from '../commit.entity.ts';
import type { DatasetRepository } from '../dataset.repository.ts';
import { type Layer, layersOf } from '../layers.ts';
import { emptyStatistics, splitsAfter } from '../statistics.ts';
import { type Change, splitOf } from '../writes/change.ts';
import { balanceIssues, type Sizes, sizesIn } from './balance.ts';
import type { Gate } from './gate.ts';
import type { GateRepository, JudgedCommit, Onto } from './gate.repository.ts';

export interface BalanceParts {
  gates: Pick<GateRepository, 'splits' | 'keepSplits'>;
  datasets: Pick<DatasetRepository, 'findCommit'>;
  branches: Pick<BranchRepository, 'find'>;
}

/** Knows how large branches and their splits are. Every method runs in the caller's transaction. */
export class Balances {
  constructor(private readonly parts: BalanceParts) {}

  /** What is wrong with a branch as a commit leaves it. */
  async inCommit({ id, datasetId }: JudgedCommit, gates: readonly Gate[]): Promise<Issue[]> {
    const commit = (await this.parts.datasets.findCommit(datasetId, id))!;
    const branch = (await this.parts.branches.find(commit.branchId))!;
    const layers = layersOf(commit, branch.base);
    const known = sizesIn(commit.statistics ?? emptyStatistics());
    const sizes = known ?? (await this.counted(commit, layers));
    // Counted once, and those on top of it go on from there.
    if (!known && sizes.bySplit) await this.parts.gates.keepSplits(id, Object.fromEntries(sizes.bySplit));
    return balanceIssues(gates, sizes);
  }

  /** What would be wrong with it after changes that come as one. */
  async foreseen(changes: readonly Change[], onto: Onto, gates: readonly Gate[]): Promise<Issue[]> {
    const watch = await this.watch(onto, gates);
    watch.takeAll(changes);
    return watch.issues();
  }

  /** What changes that are none yet are judged by, one after the other. */
  async watch({ commit, layers }: Pick<Onto, 'commit' | 'layers'>, gates: readonly Gate[]): Promise<BalanceWatch> {
    const known = sizesIn(commit.statistics ?? emptyStatistics());
    return new BalanceWatch(gates, known ?? (await this.counted(commit, layers)));
  }

  /** A commit of the release before does not say. */
  private async counted({ statistics }: Commit, layers: readonly Layer[]): Promise<Sizes> {
    return { records: statistics?.records ?? 0, bySplit: await this.parts.gates.splits(layers) };
  }
}

/** Remembers what changes come to. */
export class BalanceWatch {
  constructor(
    private readonly gates: readonly Gate[],
    private sizes: Sizes,
  ) {}

  issues(): Issue[] {
    return balanceIssues(this.gates, this.sizes);
  }

  /** What would be wrong after a change. */
  issuesOf(change: Change): Issue[] {
    return balanceIssues(this.gates, this.after([change]));
  }

  /** It comes onto the branch. */
  take(change: Change): void {
    this.takeAll([change]);
  }

  takeAll(changes: readonly Change[]): void {
    this.sizes = this.after(changes);
  }

  private after(changes: readonly Change[]): Sizes {
    const { bySplit } = this.sizes;
    const counts = bySplit && splitsAfter(Object.fromEntries(bySplit), changes.map(splitOf));
    const more = changes.reduce((sum, { before, after }) => sum + (after ? 1 : 0) - (before ? 1 : 0), 0);
    return { records: this.sizes.records + more, bySplit: counts ? new Map(Object.entries(counts)) : null };
  }
}

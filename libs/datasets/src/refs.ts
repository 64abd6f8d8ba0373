import { parseId } from '#kernel';
import type { Branch } from './branch.entity.ts';
import type { BranchRepository } from './branch.repository.ts';
import type { Commit } from './commit.entity.ts';
import type { Dataset } from './dataset.entity.ts';
import { RefNotFound } from './dataset.errors.ts';
import type { DatasetRepository } from './dataset.repository.ts';
import { type Layer, layersOf } from './layers.ts';
import type { TagRepository } from './tag.repository.ts';

/** A dataset as it is at one commit: what reading needs to know. Never changes. */
export interface Snapshot extends Seen {
  dataset: Dataset;
}

export interface Seen {
  commit: Commit;
  /** Through which the commit's records are seen. */
  layers: Layer[];
}

/** Finds the commit that a ref means: a branch, a tag, a commit (`cm_…`), or a time on the default branch (`@…Z`). */
export class Refs {
  constructor(
    private readonly datasets: DatasetRepository,
    private readonly branches: BranchRepository,
    private readonly tags: TagRepository,
  ) {}

  /** Runs in the caller's transaction. @throws DatasetNotFound, RefNotFound */
  async resolve(datasetId: string, ref: string | undefined): Promise<Snapshot> {
    const dataset = await this.datasets.mustFind(datasetId);
    const seen = await this.seen(dataset, ref ?? dataset.defaultBranch);
    if (!seen) throw new RefNotFound();
    return { dataset, ...seen };
  }

  /** The head of a branch, or of the default one. @throws DatasetNotFound, RefNotFound */
  async resolveBranch(datasetId: string, name: string | undefined): Promise<Snapshot & { branch: Branch }> {
    const dataset = await this.datasets.mustFind(datasetId);
    const branch = await this.datasets.findBranch(dataset.id, name ?? dataset.defaultBranch);
    const seen = branch && (await this.headOf(branch));
    if (!seen) throw new RefNotFound();
    return { dataset, branch, ...seen };
  }

  /** A commit that is known by its id; null when it is not published. */
  async at(datasetId: string, commitId: string): Promise<Seen | null> {
    const commit = await this.datasets.findCommit(datasetId, commitId);
    return commit && this.seenAt(commit);
  }

  /** The same, for what must be there. @throws RefNotFound */
  async mustBeAt(datasetId: string, commitId: string): Promise<Seen> {
    const seen = await this.at(datasetId, commitId);
    if (!seen) throw new RefNotFound();
    return seen;
  }

  /** For who begins something at a commit: from here to the end of the running transaction it is not purged. @throws RefNotFound */
  async hold(...commits: Commit[]): Promise<void> {
    for (const id of new Set(commits.map((commit) => commit.id))) {
      if (!(await this.branches.holdCommit(id))) throw new RefNotFound();
    }
  }

  async seenAt(commit: Commit): Promise<Seen> {
    const branch = await this.branches.find(commit.branchId);
    return { commit, layers: layersOf(commit, branch?.base ?? []) };
  }

  private async seen(dataset: Dataset, ref: string): Promise<Seen | null> {
    const id = parseId('cm', ref);
    if (id) return this.at(dataset.id, id);
    if (ref.startsWith('@')) return this.atTime(dataset, new Date(ref.slice(1)));
    const branch = await this.datasets.findBranch(dataset.id, ref);
    if (branch) return this.headOf(branch);
    const tag = await this.tags.find(dataset.id, ref);
    return tag && this.at(dataset.id, tag.commitId);
  }

  private async atTime(dataset: Dataset, at: Date): Promise<Seen | null> {
    const branch = await this.datasets.findBranch(dataset.id, dataset.defaultBranch);
    const head = branch && (await this.headOf(branch));
    // Nothing is older than 1970, and PostgreSQL's years begin later than those of a Date.
    if (!head || !(at.getTime() >= 0)) return null;
    const commit = await this.datasets.findCommitAt(head.layers, at);
    return commit && this.seenAt(commit);
  }

  private async headOf(branch: Branch): Promise<Seen | null> {
    const commit = await this.datasets.findCommit(branch.datasetId, branch.headCommitId);
    // Until it has a commit of its own, a branch is what it began from.
    return commit && { commit, layers: commit.branchId === branch.id ? layersOf(commit, branch.base) : branch.base };
  }
}

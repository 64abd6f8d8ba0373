import { parseId } from '#kernel';
import type { Commit } from './commit.entity.ts';
import type { Dataset } from './dataset.entity.ts';
import { DatasetNotFound, RefNotFound } from './dataset.errors.ts';
import type { DatasetRepository } from './dataset.repository.ts';

/** A dataset as it is at one commit: what reading needs to know. Never changes. */
export interface Snapshot {
  dataset: Dataset;
  commit: Commit;
}

/** Finds the commit that a ref means: a branch, a commit (`cm_…`), or a time on the default branch (`@…Z`). */
export class Refs {
  private readonly datasets: DatasetRepository;

  constructor(datasets: DatasetRepository) {
    this.datasets = datasets;
  }

  /** Runs in the caller's transaction. @throws DatasetNotFound, RefNotFound */
  async resolve(datasetId: string, ref: string | undefined): Promise<Snapshot> {
    const dataset = await this.datasets.find(datasetId);
    if (!dataset) throw new DatasetNotFound();
    const commit = await this.commit(dataset, ref ?? dataset.defaultBranch);
    if (!commit) throw new RefNotFound();
    return { dataset, commit };
  }

  private async commit(dataset: Dataset, ref: string): Promise<Commit | null> {
    const id = parseId('cm', ref);
    if (id) return this.datasets.findCommit(dataset.id, id);
    const branch = await this.datasets.findBranch(dataset.id, ref.startsWith('@') ? dataset.defaultBranch : ref);
    if (!branch) return null;
    if (!ref.startsWith('@')) return this.datasets.findCommit(dataset.id, branch.headCommitId);
    const at = new Date(ref.slice(1));
    // Nothing is older than 1970, and PostgreSQL's years begin later than those of a Date.
    return at.getTime() >= 0 ? this.datasets.findCommitAt(branch.id, at) : null;
  }
}

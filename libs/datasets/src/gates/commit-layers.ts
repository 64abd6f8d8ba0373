import type { BranchRepository } from '../branch.repository.ts';
import type { DatasetRepository } from '../dataset.repository.ts';
import { type Layer, layersOf, layersOn } from '../layers.ts';
import type { JudgedCommit } from './gate.repository.ts';

export interface CommitLayersParts {
  datasets: Pick<DatasetRepository, 'findCommit'>;
  branches: Pick<BranchRepository, 'find'>;
}

/** What is seen on the branch at a commit, and what was seen there before it; in the caller's transaction. */
export async function layersAround(
  { datasets, branches }: CommitLayersParts,
  { id, datasetId, branchId }: JudgedCommit,
): Promise<{ before: Layer[]; after: Layer[] }> {
  const branch = (await branches.find(branchId))!;
  const commit = (await datasets.findCommit(datasetId, id))!;
  const [first] = commit.parentIds;
  const parent = first ? await datasets.findCommit(datasetId, first) : null;
  return { before: parent ? layersOn(branch, parent) : [], after: layersOf(commit, branch.base) };
}

import type { Database } from '#database';
import { idAfter, type Page, type Principal, toCursor } from '#kernel';
import type { Commit } from '../commit.entity.ts';
import { RefNotFound } from '../dataset.errors.ts';
import type { DatasetRepository } from '../dataset.repository.ts';
import type { Refs } from '../refs.ts';

export interface ListCommits {
  /** Only the history of this ref. */
  ref?: string;
  limit: number;
  cursor?: string;
}

/** Reading the history of datasets. */
export class CommitsService {
  constructor(
    private readonly database: Database,
    private readonly datasets: DatasetRepository,
    private readonly refs: Refs,
  ) {}

  /** Published commits, newest first: of all branches, or the history of one ref. @throws DatasetNotFound, RefNotFound, BadCursor */
  async list(caller: Principal, datasetId: string, { ref, limit, cursor }: ListCommits): Promise<Page<Commit>> {
    const before = idAfter(cursor);
    return this.database.inTenant(caller.tenantId, async () => {
      const { layers } = await this.refs.resolve(datasetId, ref);
      const found = await this.datasets.commits(datasetId, limit + 1, before, ref === undefined ? undefined : layers);
      const items = found.slice(0, limit);
      return { items, nextCursor: found.length > limit ? toCursor([items.at(-1)!.id]) : null };
    });
  }

  /** @throws DatasetNotFound, RefNotFound */
  get(caller: Principal, datasetId: string, commitId: string): Promise<Commit> {
    return this.database.inTenant(caller.tenantId, async () => {
      const commit = await this.datasets.findCommit(datasetId, commitId);
      if (!commit) throw new RefNotFound();
      return commit;
    });
  }
}

import type { Database } from '#database';
import { newId, type Principal } from '#kernel';
import type { StagedCommit } from '../commit.writer.ts';
import type { DatasetRepository } from '../dataset.repository.ts';
import type { QuarantineCounters } from './quarantine.counters.ts';

interface HoldingPlace {
  tenantId: string;
  datasetId: string;
}

const FIND = 'SELECT id FROM branches WHERE dataset_id = $1 AND holds';

/**
 * The branch of a dataset on which lies what gates hold back. It has no name, and its commits are never published: nothing
 * that reads through a ref comes upon it. Every method runs in the caller's transaction.
 */
export class Holding {
  constructor(
    private readonly database: Database,
    private readonly datasets: DatasetRepository,
    private readonly counters: QuarantineCounters,
  ) {}

  /** Begins a commit there: what is put under it does not count as held yet. */
  async stage(author: Principal, { tenantId, datasetId }: HoldingPlace, message: string): Promise<StagedCommit> {
    const id = newId();
    const branchId = await this.branch(tenantId, datasetId, id);
    const seq = await this.datasets.nextSeq(branchId);
    const commit = { id, tenantId, datasetId, branchId, seq, message };
    await this.datasets.insertCommit({ ...commit, state: 'staged', parentIds: [], authorId: author.id });
    return { ...commit, author };
  }

  /** From now on it counts; false when it was given up meanwhile. */
  async keep(commitId: string, records: number): Promise<boolean> {
    const isHeld = await this.datasets.updateCommit(commitId, 'staged', { state: 'held' });
    if (isHeld) this.database.afterCommit(() => this.counters.counted('held', records));
    return isHeld;
  }

  /** Nothing came under it. */
  async drop(commitId: string): Promise<void> {
    await this.database.query(`DELETE FROM commits WHERE id = $1 AND state = 'staged'`, [commitId]);
  }

  private async branch(tenantId: string, datasetId: string, commitId: string): Promise<string> {
    const [found] = await this.database.query<{ id: string }>(FIND, [datasetId]);
    if (found) return found.id;
    // Of two that need it at once one makes it, and the other waits for that.
    await this.database.query(
      `INSERT INTO branches (id, tenant_id, dataset_id, head_commit_id, next_seq, holds) VALUES ($1, $2, $3, $4, 1, true)
         ON CONFLICT (dataset_id) WHERE holds DO NOTHING`,
      [newId(), tenantId, datasetId, commitId],
    );
    const [made] = await this.database.query<{ id: string }>(FIND, [datasetId]);
    return made!.id;
  }
}

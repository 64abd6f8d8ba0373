import type { Database } from '#database';
import { newId, type Principal } from '#kernel';
import type { StagedCommit } from '../commit.writer.ts';
import type { DatasetRepository } from '../dataset.repository.ts';
import type { HeldBranch } from '../writes/branch.writer.ts';
import type { SplitRepository } from './split.repository.ts';

/** One that some job has begun, and not ended. */
export type Unfinished = Pick<StagedCommit, 'id' | 'tenantId' | 'branchId' | 'seq'> & {
  jobId: string;
  isLost: boolean;
};

const LEASE = "now() + interval '2 minutes'";
const IS_LOST = `(lease_until IS NULL OR lease_until < now())`;
const RENEW = `UPDATE commits SET lease_until = ${LEASE} WHERE id = $1 AND state = 'staged' RETURNING 1 AS one`;
const UNFINISHED = `SELECT id, tenant_id AS "tenantId", branch_id AS "branchId", seq, job_id AS "jobId",
    ${IS_LOST} AS "isLost" FROM commits
  WHERE job_id IS NOT NULL AND state <> 'published'`;
/** From here on whoever still writes under it is refused. */
const GIVE_UP = `UPDATE commits SET state = 'abandoned' WHERE id = $1 AND state IN ('staged', 'abandoned') RETURNING 1 AS one`;

export interface SplitStageParts {
  database: Database;
  datasets: Pick<DatasetRepository, 'insertCommit' | 'nextSeq' | 'lockBranch'>;
  splits: SplitRepository;
}

/** The commits under which jobs put records into splits before anybody sees it: one at a time on a branch. */
export class SplitStages {
  constructor(
    private readonly parts: SplitStageParts,
    /** Rows that go by one transaction, while which nobody writes to the branch. */
    private readonly atOnce = 2000,
  ) {}

  /** In the caller's transaction, which holds the branch. Gives who is in the way, if somebody is. */
  async begin(
    author: Principal,
    { branch }: HeldBranch,
    { jobId, message }: { jobId: string; message: string },
  ): Promise<StagedCommit | Unfinished> {
    const { database, datasets } = this.parts;
    const [other] = await database.query<Unfinished>(`${UNFINISHED} AND branch_id = $1`, [branch.id]);
    if (other) return other;
    const { tenantId, datasetId, id: branchId } = branch;
    const seq = await datasets.nextSeq(branchId);
    const staged = { id: newId(), tenantId, datasetId, branchId, seq, message };
    await datasets.insertCommit({ ...staged, state: 'staged', parentIds: [], authorId: author.id, jobId });
    await this.renew(staged.id);
    return { ...staged, author };
  }

  /** In the caller's transaction: its process lives. False when it was given up meanwhile. */
  async renew(id: string): Promise<boolean> {
    return (await this.parts.database.query(RENEW, [id])).length === 1;
  }

  /** Of one tenant: those whose process is gone. */
  lost(tenantId: string): Promise<Unfinished[]> {
    const { database } = this.parts;
    return database.inTenant(tenantId, () => database.query<Unfinished>(`${UNFINISHED} AND ${IS_LOST}`));
  }

  /** As if it had never begun. It may end anywhere, and be done again. */
  async giveUp(stage: Pick<Unfinished, 'id' | 'tenantId' | 'branchId' | 'seq'>): Promise<void> {
    const { database, datasets, splits } = this.parts;
    const { id, tenantId, branchId } = stage;
    const holding = <T>(work: () => Promise<T>): Promise<T> =>
      database.inTenant(tenantId, async () => {
        await datasets.lockBranch(branchId);
        return work();
      });
    const mayGo = await holding(async () => {
      const isGiven = (await database.query(GIVE_UP, [id])).length > 0;
      if (isGiven) await splits.settle(stage);
      return isGiven;
    });
    if (!mayGo) return;
    while (await holding(() => splits.takeBack(stage, this.atOnce)));
    await holding(() => database.query("DELETE FROM commits WHERE id = $1 AND state = 'abandoned'", [id]));
  }
}

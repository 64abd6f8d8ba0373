import type { Database } from '#database';
import { Branch } from './branch.entity.ts';
import { Commit } from './commit.entity.ts';

/** Branches, and what is put on top of them; every method runs in the caller's transaction. */
export class BranchRepository {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  find(id: string): Promise<Branch | null> {
    return this.database.repository(Branch).findOneBy({ id });
  }

  /** A branch by its name, or the default one, that nobody else stages or publishes on before the transaction ends. */
  async holdBranch(datasetId: string, name: string | undefined): Promise<Branch | null> {
    if (name?.includes('\0')) return null;
    // A branch that was reset while we waited is another row by now: the second look finds it.
    const id = (await this.lock(datasetId, name)) ?? (await this.lock(datasetId, name));
    return id === null ? null : this.find(id);
  }

  private async lock(datasetId: string, name: string | undefined): Promise<string | null> {
    const [row] = await this.database.query<{ id: string }>(
      `SELECT id FROM branches WHERE dataset_id = $1
         AND name = coalesce($2, (SELECT default_branch FROM datasets WHERE id = $1)) FOR NO KEY UPDATE`,
      [datasetId, name ?? null],
    );
    return row?.id ?? null;
  }

  /** Moves the head over commits that were put on top of it at once, and counts on. */
  async advance(branchId: string, from: string, to: string, nextSeq: number): Promise<boolean> {
    const moved = await this.database.query(
      `UPDATE branches SET head_commit_id = $3, next_seq = $4 WHERE id = $1 AND head_commit_id = $2 RETURNING 1`,
      [branchId, from, to, nextSeq],
    );
    return moved.length === 1;
  }

  async insertCommits(commits: Commit[]): Promise<void> {
    await this.database.repository(Commit).insert(commits);
  }

  /** Those that have a name, by it. */
  page(datasetId: string, limit: number, after: string | null): Promise<Branch[]> {
    const query = this.database
      .repository(Branch)
      .createQueryBuilder('branch')
      .where('branch.datasetId = :datasetId AND branch.name IS NOT NULL', { datasetId })
      .orderBy('branch.name')
      .limit(limit);
    if (after !== null) query.andWhere('branch.name > :after', { after });
    return query.getMany();
  }

  async insert(
    branch: Omit<Branch, 'createdAt' | 'isProtected' | 'requiredApprovals' | 'holds' | 'releasedAt'>,
  ): Promise<void> {
    await this.database.repository(Branch).insert(branch as never);
  }

  async update(id: string, change: Partial<Pick<Branch, 'isProtected' | 'requiredApprovals'>>): Promise<void> {
    await this.database.repository(Branch).update(id, change);
  }

  /** Lets go of its name. */
  async release(id: string): Promise<void> {
    await this.database.repository(Branch).update(id, { name: null, releasedAt: () => 'now()' });
  }

  /** Keeps a commit, and what it stands on, from being purged before the running transaction ends; false when it is gone. */
  async holdCommit(id: string): Promise<boolean> {
    const sql = `SELECT FROM commits WHERE id = $1 AND state = 'published' FOR KEY SHARE`;
    return (await this.database.query(sql, [id])).length === 1;
  }
}

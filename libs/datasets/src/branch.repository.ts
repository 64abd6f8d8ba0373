import { type Database, EntityRows } from '#database';
import { Branch } from './branch.entity.ts';
import { Commit } from './commit.entity.ts';
import { Dataset } from './dataset.entity.ts';

/** All that a commit on top of a branch needs to know. */
export interface HeldRows {
  branch: Branch;
  head: Commit;
  dataset: Dataset;
  /** Seqs of the branch so far that no published commit owns. */
  unpublished: number[];
}

/** Branches, and what is put on top of them; every method runs in the caller's transaction. */
export class BranchRepository {
  private readonly database: Database;
  private readonly branches: EntityRows<Branch>;
  private readonly commits: EntityRows<Commit>;
  private readonly sets: EntityRows<Dataset>;

  constructor(database: Database) {
    this.database = database;
    this.branches = new EntityRows(database, Branch);
    this.commits = new EntityRows(database, Commit);
    this.sets = new EntityRows(database, Dataset);
  }

  find(id: string): Promise<Branch | null> {
    return this.database.repository(Branch).findOneBy({ id });
  }

  /** A branch by its name, or the default one, that nobody else stages or publishes on before the transaction ends. */
  async holdBranch(datasetId: string, name: string | undefined): Promise<Branch | null> {
    const id = await this.hold(datasetId, name);
    return id === null ? null : this.find(id);
  }

  /** The same, with what lies on it and around it, as it is once nobody else changes it. */
  async holdRows(datasetId: string, name: string | undefined): Promise<HeldRows | null> {
    const id = await this.hold(datasetId, name);
    if (id === null) return null;
    const [row] = await this.database.query<Record<string, unknown> & { unpublished: number[] }>(
      `SELECT ${this.branches.selected('b')}, ${this.commits.selected('c')}, ${this.sets.selected('d')},
         ARRAY(SELECT seq FROM commits WHERE branch_id = b.id AND seq < b.next_seq AND state <> 'published' ORDER BY seq)
           AS unpublished
         FROM branches b JOIN commits c ON c.id = b.head_commit_id JOIN datasets d ON d.id = b.dataset_id WHERE b.id = $1`,
      [id],
    );
    if (!row) return null;
    const { unpublished } = row;
    const [branch, head] = [this.branches.read('b', row), this.commits.read('c', row)];
    return { branch, head, dataset: this.sets.read('d', row), unpublished };
  }

  private async hold(datasetId: string, name: string | undefined): Promise<string | null> {
    if (name?.includes('\0')) return null;
    // A branch that was reset while we waited is another row by now: the second look finds it.
    return (await this.lock(datasetId, name)) ?? (await this.lock(datasetId, name));
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

  async insertCommits(commits: readonly Commit[]): Promise<void> {
    await this.commits.insert(commits);
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

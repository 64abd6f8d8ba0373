import type { SelectQueryBuilder } from 'typeorm';
import { CLASSIFICATIONS, type Reach } from '#auth';
import type { Database } from '#database';
import { Branch } from './branch.entity.ts';
import { Commit } from './commit.entity.ts';
import { Dataset } from './dataset.entity.ts';
import { DatasetNotFound } from './dataset.errors.ts';
import { historyOf } from './commit-history.ts';
import type { Layer } from './layer.ts';
import { LineageEdge } from './lineage-edge.entity.ts';

/** Datasets, branches and commits; every method runs in the caller's transaction. */
export class DatasetRepository {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  async insert(
    dataset: Omit<Dataset, 'createdAt' | 'updatedAt' | 'recordKind' | 'schemaVersion' | 'gates'>,
  ): Promise<void> {
    await this.database.repository(Dataset).insert(dataset);
  }

  find(id: string): Promise<Dataset | null> {
    return this.database.repository(Dataset).findOneBy({ id });
  }

  /** @throws DatasetNotFound */
  async mustFind(id: string): Promise<Dataset> {
    const dataset = await this.find(id);
    if (!dataset) throw new DatasetNotFound();
    return dataset;
  }

  /** Those in reach, by id, which is by age. */
  page(reach: Reach, limit: number, after: string | null): Promise<Dataset[]> {
    const query = this.within(reach).orderBy('dataset.id').limit(limit);
    if (after) query.andWhere('dataset.id > :after', { after });
    return query.getMany();
  }

  count(reach: Reach): Promise<number> {
    return this.within(reach).getCount();
  }

  /** Which of these are in reach. */
  async among(reach: Reach, ids: string[]): Promise<ReadonlySet<string>> {
    if (ids.length === 0) return new Set();
    const found = await this.within(reach).andWhere('dataset.id = ANY(:ids)', { ids }).getMany();
    return new Set(found.map(({ id }) => id));
  }

  /** False when `version` is named, and it is another one by now. */
  async change(
    id: string,
    change: Partial<Pick<Dataset, 'name' | 'description' | 'classification' | 'gates'>>,
    version?: number,
  ): Promise<boolean> {
    const changed = { ...change, version: () => 'version + 1', updatedAt: () => 'now()' };
    const where = version === undefined ? { id } : { id, version };
    const { affected } = await this.database.repository(Dataset).update(where, changed);
    return affected === 1;
  }

  private within(reach: Reach): SelectQueryBuilder<Dataset> {
    const query = this.database.repository(Dataset).createQueryBuilder('dataset');
    const parts = CLASSIFICATIONS.filter((name) => reach[name].all || reach[name].ids.length > 0).map((name) => {
      const { all, ids } = reach[name];
      query.setParameters({ [`${name}_is`]: name, [`${name}_ids`]: ids });
      return `(dataset.classification = :${name}_is AND ${all ? 'NOT ' : ''}dataset.id = ANY(:${name}_ids::uuid[]))`;
    });
    return query.where(parts.length > 0 ? `(${parts.join(' OR ')})` : 'false');
  }

  async insertBranch(
    branch: Pick<Branch, 'id' | 'tenantId' | 'datasetId' | 'name' | 'headCommitId' | 'nextSeq'> & Partial<Branch>,
  ): Promise<void> {
    await this.database.repository(Branch).insert(branch as never);
  }

  async findBranch(datasetId: string, name: string): Promise<Branch | null> {
    // PostgreSQL refuses NUL in any text, and so no branch is named like that.
    if (name.includes('\0')) return null;
    return this.database.repository(Branch).findOneBy({ datasetId, name });
  }

  /** Takes the next seq of a branch. Two commits that begin at once take two. */
  async nextSeq(branchId: string): Promise<number> {
    const [row] = await this.database.query<{ seq: number }>(
      'UPDATE branches SET next_seq = next_seq + 1 WHERE id = $1 RETURNING next_seq - 1 AS seq',
      [branchId],
    );
    if (!row) throw new Error('the branch is gone');
    return row.seq;
  }

  /** Lets nobody else stage or publish on a branch before the running transaction ends. */
  async lockBranch(branchId: string): Promise<{ name: string | null; is_protected: boolean } | null> {
    const sql = 'SELECT name, is_protected FROM branches WHERE id = $1 FOR NO KEY UPDATE';
    return (await this.database.query<{ name: string | null; is_protected: boolean }>(sql, [branchId]))[0] ?? null;
  }

  /** Moves the head if it is still where it was thought to be. */
  async moveHead(branchId: string, from: string, to: string): Promise<boolean> {
    const { affected } = await this.database
      .repository(Branch)
      .update({ id: branchId, headCommitId: from }, { headCommitId: to });
    return affected === 1;
  }

  async insertCommit(commit: Partial<Commit>): Promise<void> {
    await this.database.repository(Commit).insert(commit as Commit);
  }

  findCommit(datasetId: string, id: string): Promise<Commit | null> {
    return this.database.repository(Commit).findOneBy({ id, datasetId, state: 'published' });
  }

  /** The commit a branch points at. */
  findHead(branchId: string): Promise<Commit | null> {
    return this.database
      .repository(Commit)
      .createQueryBuilder('commit')
      .innerJoin(Branch, 'branch', 'branch.headCommitId = commit.id')
      .where('branch.id = :branchId', { branchId })
      .getOne();
  }

  /** The newest commit by a time, in the history that the layers tell. */
  findCommitAt(layers: readonly Layer[], at: Date): Promise<Commit | null> {
    return this.database
      .repository(Commit)
      .createQueryBuilder('commit')
      .where(...historyOf(layers))
      .andWhere('commit.publishedAt <= :at', { at })
      .orderBy('commit.publishedAt', 'DESC')
      .limit(1)
      .getOne();
  }

  /** Newest first; all of the dataset, or those in the history that layers tell. */
  commits(datasetId: string, limit: number, before: string | null, layers?: readonly Layer[]): Promise<Commit[]> {
    const query = this.database
      .repository(Commit)
      .createQueryBuilder('commit')
      .where(`commit.datasetId = :datasetId AND commit.state = 'published'`, { datasetId })
      .orderBy('commit.publishedAt', 'DESC')
      .addOrderBy('commit.id', 'DESC')
      .limit(limit);
    // An id is as old as the beginning of its commit, and what began first may be published last.
    const at = `(SELECT published_at FROM commits WHERE id = :before)`;
    if (before) query.andWhere(`(commit.publishedAt, commit.id) < (${at}, :before)`, { before });
    if (layers) query.andWhere(...historyOf(layers));
    return query.getMany();
  }

  /** Gives a staged commit up for good; null when it is published, or given up already. */
  async abandon(id: string): Promise<Commit | null> {
    const given = await this.updateCommit(id, 'staged', { state: 'abandoned' });
    return given ? this.database.repository(Commit).findOneBy({ id }) : null;
  }

  async updateCommit(id: string, from: Commit['state'], change: Partial<Commit>): Promise<boolean> {
    const { affected } = await this.database
      .repository(Commit)
      .createQueryBuilder()
      .update()
      .set(change as never)
      .where('id = :id AND state = :from', { id, from })
      .execute();
    return affected === 1;
  }

  /** Seqs below `seq` on the branch that no published commit owns. */
  async unpublishedBelow(branchId: string, seq: number): Promise<number[]> {
    const rows = await this.database.query<{ seq: number }>(
      `SELECT seq FROM commits WHERE branch_id = $1 AND seq < $2 AND state <> 'published' ORDER BY seq`,
      [branchId, seq],
    );
    return rows.map((row) => row.seq);
  }

  async insertLineage(edge: Omit<LineageEdge, 'createdAt'>): Promise<void> {
    await this.database.repository(LineageEdge).insert(edge as never);
  }

  findLineage(id: string): Promise<LineageEdge | null> {
    return this.database.repository(LineageEdge).findOneBy({ id });
  }

  lineage(datasetId: string): Promise<LineageEdge[]> {
    return this.database.repository(LineageEdge).find({
      where: [{ fromDatasetId: datasetId }, { toDatasetId: datasetId }],
      order: { id: 'ASC' },
      take: 1000,
    });
  }
}

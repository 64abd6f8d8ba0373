import type { Audit } from '#audit';
import { type Database, violates } from '#database';
import { BadCursor, fromCursor, newId, type Page, type Principal, showId, toCursor } from '#kernel';
import type { Branch } from '../branch.entity.ts';
import type { BranchRepository } from '../branch.repository.ts';
import type { Dataset } from '../dataset.entity.ts';
import { BranchProtected, DatasetNotFound, RefNotFound } from '../dataset.errors.ts';
import type { DatasetRepository } from '../dataset.repository.ts';
import type { Refs } from '../refs.ts';
import type { Tag } from '../tag.entity.ts';
import type { TagRepository } from '../tag.repository.ts';
import { BranchIsDefault, BranchTooDeep, RefNameTaken, TagNotFound } from './version.errors.ts';

/** Every layer is one more look-up for each record that is read. */
const MAX_LAYERS = 16;

export interface BranchesParts {
  database: Database;
  datasets: DatasetRepository;
  branches: BranchRepository;
  tags: TagRepository;
  refs: Refs;
  audit: Audit;
}

/** Names for commits: branches, which move, and tags, which do not. */
export class BranchesService {
  constructor(private readonly parts: BranchesParts) {}

  /** Begins at a ref and costs nothing: what is there already is read where it lies. @throws DatasetNotFound, RefNotFound, RefNameTaken, BranchTooDeep */
  create(caller: Principal, datasetId: string, name: string, from?: string): Promise<Branch> {
    return this.naming(caller, async () => {
      const { commit, layers } = await this.parts.refs.resolve(datasetId, from);
      if (layers.length >= MAX_LAYERS) throw new BranchTooDeep();
      await this.mustBeFree(datasetId, name);
      const id = newId();
      const { tenantId } = caller;
      await this.parts.branches.insert({
        id,
        tenantId,
        datasetId,
        name,
        headCommitId: commit.id,
        nextSeq: 1,
        base: layers,
        isProtected: false,
      });
      await this.tell(caller, 'branch.create', datasetId, { branch: name, commit: showId('cm', commit.id) });
      return (await this.parts.branches.find(id))!;
    });
  }

  /** By name. @throws DatasetNotFound, BadCursor */
  async list(caller: Principal, datasetId: string, limit: number, cursor?: string): Promise<Page<Branch>> {
    const after = nameAfter(cursor);
    return this.parts.database.inTenant(caller.tenantId, async () => {
      await this.mustExist(datasetId);
      return cut(await this.parts.branches.page(datasetId, limit + 1, after), limit);
    });
  }

  /** @throws RefNotFound */
  get(caller: Principal, datasetId: string, name: string): Promise<Branch> {
    return this.parts.database.inTenant(caller.tenantId, () => this.mustFind(datasetId, name));
  }

  /** Lets go of the name. Commits of it stay, for tags, and for branches that began from them. @throws RefNotFound, BranchIsDefault, BranchProtected */
  remove(caller: Principal, datasetId: string, name: string): Promise<void> {
    return this.parts.database.inTenant(caller.tenantId, async () => {
      const dataset = await this.mustExist(datasetId);
      if (dataset.defaultBranch === name) throw new BranchIsDefault();
      const branch = await this.parts.branches.holdBranch(datasetId, name);
      if (!branch) throw new RefNotFound();
      if (branch.isProtected) throw new BranchProtected();
      await this.parts.branches.update(branch.id, { name: null });
      const details = { branch: name, commit: showId('cm', branch.headCommitId) };
      await this.tell(caller, 'branch.delete', datasetId, details);
    });
  }

  /** @throws DatasetNotFound, RefNotFound, RefNameTaken */
  createTag(caller: Principal, datasetId: string, tag: { name: string; ref?: string; message?: string }): Promise<Tag> {
    return this.naming(caller, async () => {
      const { commit } = await this.parts.refs.resolve(datasetId, tag.ref);
      await this.mustBeFree(datasetId, tag.name);
      const { name, message = '' } = tag;
      const row = {
        id: newId(),
        tenantId: caller.tenantId,
        datasetId,
        name,
        commitId: commit.id,
        message,
        createdBy: caller.id,
      };
      await this.parts.tags.insert(row);
      await this.tell(caller, 'tag.create', datasetId, { tag: name, commit: showId('cm', commit.id) });
      return this.mustFindTag(datasetId, name);
    });
  }

  /** By name. @throws DatasetNotFound, BadCursor */
  async listTags(caller: Principal, datasetId: string, limit: number, cursor?: string): Promise<Page<Tag>> {
    const after = nameAfter(cursor);
    return this.parts.database.inTenant(caller.tenantId, async () => {
      await this.mustExist(datasetId);
      return cut(await this.parts.tags.page(datasetId, limit + 1, after), limit);
    });
  }

  /** @throws TagNotFound */
  getTag(caller: Principal, datasetId: string, name: string): Promise<Tag> {
    return this.parts.database.inTenant(caller.tenantId, () => this.mustFindTag(datasetId, name));
  }

  /** @throws TagNotFound */
  removeTag(caller: Principal, datasetId: string, name: string): Promise<void> {
    return this.parts.database.inTenant(caller.tenantId, async () => {
      const tag = await this.mustFindTag(datasetId, name);
      await this.parts.tags.delete(tag.id);
      await this.tell(caller, 'tag.delete', datasetId, { tag: name, commit: showId('cm', tag.commitId) });
    });
  }

  private async naming<T>(caller: Principal, work: () => Promise<T>): Promise<T> {
    try {
      return await this.parts.database.inTenant(caller.tenantId, work);
    } catch (error) {
      const taken = violates(error, 'branches_dataset_id_name_key') || violates(error, 'tags_dataset_id_name_key');
      throw taken ? new RefNameTaken() : error;
    }
  }

  private async mustBeFree(datasetId: string, name: string): Promise<void> {
    const { datasets, tags } = this.parts;
    if ((await datasets.findBranch(datasetId, name)) || (await tags.find(datasetId, name))) throw new RefNameTaken();
  }

  private async mustExist(datasetId: string): Promise<Dataset> {
    const dataset = await this.parts.datasets.find(datasetId);
    if (!dataset) throw new DatasetNotFound();
    return dataset;
  }

  private async mustFind(datasetId: string, name: string): Promise<Branch> {
    const branch = await this.parts.datasets.findBranch(datasetId, name);
    if (!branch) throw new RefNotFound();
    return branch;
  }

  private async mustFindTag(datasetId: string, name: string): Promise<Tag> {
    const tag = await this.parts.tags.find(datasetId, name);
    if (!tag) throw new TagNotFound();
    return tag;
  }

  private tell(caller: Principal, action: string, datasetId: string, details: Record<string, string>): Promise<void> {
    return this.parts.audit.append(caller, { action, resource: showId('ds', datasetId), details });
  }
}

function cut<T extends { name: string | null }>(rows: T[], limit: number): Page<T> {
  const items = rows.slice(0, limit);
  return { items, nextCursor: rows.length > limit ? toCursor([items.at(-1)!.name!]) : null };
}

function nameAfter(cursor: string | undefined): string | null {
  if (cursor === undefined) return null;
  const [name] = fromCursor(cursor, 1) ?? [];
  if (typeof name !== 'string' || name.includes('\0')) throw new BadCursor();
  return name;
}

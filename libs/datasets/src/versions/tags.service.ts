import type { Database } from '#database';
import { newId, type Page, type Principal, showId } from '#kernel';
import type { Refs } from '../refs.ts';
import type { Tag } from '../tag.entity.ts';
import type { TagRepository } from '../tag.repository.ts';
import { cutNames, nameAfter, type RefNames } from './ref.names.ts';
import { TagNotFound } from './version.errors.ts';

export interface TagsParts {
  database: Database;
  tags: TagRepository;
  refs: Refs;
  names: RefNames;
}

/** Names that stay at their commit. */
export class TagsService {
  constructor(private readonly parts: TagsParts) {}

  /** @throws DatasetNotFound, RefNotFound, RefNameTaken */
  create(caller: Principal, datasetId: string, tag: { name: string; ref?: string; message?: string }): Promise<Tag> {
    return this.parts.names.giving(caller, async () => {
      const { commit } = await this.parts.refs.resolve(datasetId, tag.ref);
      await this.parts.names.mustBeFree(datasetId, tag.name);
      await this.parts.refs.hold(commit);
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
      await this.parts.names.tell(caller, 'tag.create', datasetId, { tag: name, commit: showId('cm', commit.id) });
      return this.mustFind(datasetId, name);
    });
  }

  /** By name. @throws DatasetNotFound, BadCursor */
  async list(caller: Principal, datasetId: string, limit: number, cursor?: string): Promise<Page<Tag>> {
    const after = nameAfter(cursor);
    return this.parts.database.inTenant(caller.tenantId, async () => {
      await this.parts.names.mustExist(datasetId);
      return cutNames(await this.parts.tags.page(datasetId, limit + 1, after), limit);
    });
  }

  /** @throws TagNotFound */
  get(caller: Principal, datasetId: string, name: string): Promise<Tag> {
    return this.parts.database.inTenant(caller.tenantId, () => this.mustFind(datasetId, name));
  }

  /** @throws TagNotFound */
  remove(caller: Principal, datasetId: string, name: string): Promise<void> {
    return this.parts.database.inTenant(caller.tenantId, async () => {
      const tag = await this.mustFind(datasetId, name);
      await this.parts.tags.delete(tag);
      await this.parts.names.tell(caller, 'tag.delete', datasetId, { tag: name, commit: showId('cm', tag.commitId) });
    });
  }

  private async mustFind(datasetId: string, name: string): Promise<Tag> {
    const tag = await this.parts.tags.find(datasetId, name);
    if (!tag) throw new TagNotFound();
    return tag;
  }
}

import type { Audit } from '#audit';
import { type Database, violates } from '#database';
import { BadCursor, fromCursor, type Page, type Principal, showId, toCursor } from '#kernel';
import type { Dataset } from '../dataset.entity.ts';
import type { DatasetRepository } from '../dataset.repository.ts';
import type { TagRepository } from '../tag.repository.ts';
import { RefNameTaken } from './version.errors.ts';

/** What branches and tags have in common: both are names for commits, and no two of a dataset are the same. */
export class RefNames {
  constructor(
    private readonly database: Database,
    private readonly datasets: DatasetRepository,
    private readonly tags: TagRepository,
    private readonly audit: Audit,
  ) {}

  /** Gives a name in a transaction that says so when somebody else was faster. @throws RefNameTaken */
  async giving<T>(caller: Principal, work: () => Promise<T>): Promise<T> {
    try {
      return await this.database.inTenant(caller.tenantId, work);
    } catch (error) {
      const taken = violates(error, 'branches_dataset_id_name_key') || violates(error, 'tags_dataset_id_name_key');
      throw taken ? new RefNameTaken() : error;
    }
  }

  /** @throws RefNameTaken */
  async mustBeFree(datasetId: string, name: string): Promise<void> {
    const { datasets, tags } = this;
    if ((await datasets.findBranch(datasetId, name)) || (await tags.find(datasetId, name))) throw new RefNameTaken();
  }

  /** @throws DatasetNotFound */
  mustExist(datasetId: string): Promise<Dataset> {
    return this.datasets.mustFind(datasetId);
  }

  /** Tells the audit, in the running transaction. */
  tell(
    caller: Principal,
    action: string,
    datasetId: string,
    details: Record<string, string | boolean | number>,
  ): Promise<void> {
    return this.audit.append(caller, { action, resource: showId('ds', datasetId), details });
  }
}

export function cutNames<T extends { name: string | null }>(rows: T[], limit: number): Page<T> {
  const items = rows.slice(0, limit);
  return { items, nextCursor: rows.length > limit ? toCursor([items.at(-1)!.name!]) : null };
}

/** @throws BadCursor */
export function nameAfter(cursor: string | undefined): string | null {
  if (cursor === undefined) return null;
  const [name] = fromCursor(cursor, 1) ?? [];
  if (typeof name !== 'string' || name.includes('\0')) throw new BadCursor();
  return name;
}

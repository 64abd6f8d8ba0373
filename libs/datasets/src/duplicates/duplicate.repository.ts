import type { Database } from '#database';
import { idAfter, newId, type Page, pageById } from '#kernel';
import { Duplicate, DuplicateSearch } from './duplicate.entity.ts';
import type { FoundDuplicate } from './duplicate.finder.ts';

const AT_ONCE = 5000;

/** What searches found; every method runs in the caller's transaction. */
export class DuplicateRepository {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  find(datasetId: string, id: string): Promise<DuplicateSearch | null> {
    return this.database.repository(DuplicateSearch).findOneBy({ datasetId, id });
  }

  /** @throws BadCursor */
  async page(searchId: string, limit: number, cursor?: string): Promise<Page<Duplicate>> {
    const after = idAfter(cursor);
    const query = this.database
      .repository(Duplicate)
      .createQueryBuilder('duplicate')
      .where('duplicate.searchId = :searchId', { searchId })
      .orderBy('duplicate.id', 'ASC')
      .limit(limit + 1);
    if (after) query.andWhere('duplicate.id > :after', { after });
    return pageById(await query.getMany(), limit);
  }

  /** Takes the place of the searches of the dataset before it. */
  async replace(search: Omit<DuplicateSearch, 'createdAt'>, found: readonly FoundDuplicate[]): Promise<void> {
    const { datasetId, tenantId, id } = search;
    const earlier = 'SELECT id FROM duplicate_searches WHERE dataset_id = $1';
    await this.database.query(`DELETE FROM duplicates WHERE search_id IN (${earlier})`, [datasetId]);
    await this.database.query('DELETE FROM duplicate_searches WHERE dataset_id = $1', [datasetId]);
    await this.database.repository(DuplicateSearch).insert(search as never);
    for (let at = 0; at < found.length; at += AT_ONCE) {
      const some = found.slice(at, at + AT_ONCE);
      await this.database.query(
        `INSERT INTO duplicates (id, tenant_id, search_id, record_id, kept_id, exact, similarity)
         SELECT id, $1, $2, record_id, kept_id, exact, similarity
         FROM unnest($3::uuid[], $4::uuid[], $5::uuid[], $6::boolean[], $7::real[])
           AS found (id, record_id, kept_id, exact, similarity)`,
        [
          tenantId,
          id,
          some.map(() => newId()),
          some.map(({ recordId }) => recordId),
          some.map(({ keptId }) => keptId),
          some.map(({ exact }) => exact),
          some.map(({ similarity }) => similarity),
        ],
      );
    }
  }
}

import type { Database } from '#database';
import { Tag } from './tag.entity.ts';

/** Every method runs in the caller's transaction. */
export class TagRepository {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  async insert(tag: Omit<Tag, 'createdAt'>): Promise<void> {
    await this.database.repository(Tag).insert(tag);
  }

  async find(datasetId: string, name: string): Promise<Tag | null> {
    // PostgreSQL refuses NUL in any text, and so no tag is named like that.
    return name.includes('\0') ? null : this.database.repository(Tag).findOneBy({ datasetId, name });
  }

  /** By name. */
  page(datasetId: string, limit: number, after: string | null): Promise<Tag[]> {
    const query = this.database
      .repository(Tag)
      .createQueryBuilder('tag')
      .where('tag.datasetId = :datasetId', { datasetId })
      .orderBy('tag.name')
      .limit(limit);
    if (after !== null) query.andWhere('tag.name > :after', { after });
    return query.getMany();
  }

  /** What it led to counts as let go of now. */
  async delete({ id, commitId }: Pick<Tag, 'id' | 'commitId'>): Promise<void> {
    await this.database.repository(Tag).delete(id);
    await this.database.query(
      `UPDATE branches SET released_at = now()
        WHERE name IS NULL AND id = (SELECT branch_id FROM commits WHERE id = $1)`,
      [commitId],
    );
  }
}

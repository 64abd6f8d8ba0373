import type { Database } from '#database';
import { CustomType } from './custom-type.entity.ts';

/** Types of a tenant's own; every method runs in the caller's transaction. */
export class CustomTypeRepository {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  async insert(type: Omit<CustomType, 'createdAt' | 'updatedAt' | 'version'>): Promise<void> {
    await this.database.repository(CustomType).insert(type as never);
  }

  find(id: string): Promise<CustomType | null> {
    return this.database.repository(CustomType).findOneBy({ id });
  }

  /** By name. */
  all(): Promise<CustomType[]> {
    return this.database.repository(CustomType).find({ order: { name: 'ASC' } });
  }

  page(limit: number, after: string | null): Promise<CustomType[]> {
    const query = this.database.repository(CustomType).createQueryBuilder('type').orderBy('type.id').limit(limit);
    if (after) query.where('type.id > :after', { after });
    return query.getMany();
  }

  /** Changes it if it is still at that version. */
  async update(
    id: string,
    version: number,
    change: Pick<CustomType, 'description' | 'risk' | 'definition'>,
  ): Promise<boolean> {
    const next = { ...change, version: version + 1, updatedAt: () => 'now()' };
    const { affected } = await this.database.repository(CustomType).update({ id, version }, next as never);
    return affected === 1;
  }

  async delete(id: string, version: number): Promise<boolean> {
    const { affected } = await this.database.repository(CustomType).delete({ id, version });
    return affected === 1;
  }
}

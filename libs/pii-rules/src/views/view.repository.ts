import type { Database } from '#database';
import { View } from './view.entity.ts';

export type ViewTerms = Pick<
  View,
  'description' | 'policy' | 'strategy' | 'strategies' | 'types' | 'extraTypes' | 'minConfidence' | 'without'
>;

/** Views of a tenant; every method runs in the caller's transaction. */
export class ViewRepository {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  async insert(view: Pick<View, 'id' | 'tenantId' | 'name' | 'createdBy'> & ViewTerms): Promise<void> {
    await this.database.repository(View).insert(view as never);
  }

  find(name: string): Promise<View | null> {
    return this.database.repository(View).findOneBy({ name });
  }

  page(limit: number, after: string | null): Promise<View[]> {
    const query = this.database.repository(View).createQueryBuilder('view').orderBy('view.id').limit(limit);
    if (after) query.where('view.id > :after', { after });
    return query.getMany();
  }

  /** Changes it if it is still at that version. */
  async update(id: string, version: number, terms: ViewTerms): Promise<boolean> {
    const change = { ...terms, version: version + 1, updatedAt: () => 'now()' };
    const { affected } = await this.database.repository(View).update({ id, version }, change as never);
    return affected === 1;
  }

  async delete(id: string, version: number): Promise<boolean> {
    const { affected } = await this.database.repository(View).delete({ id, version });
    return affected === 1;
  }
}

import type { Database } from '#database';
import { showId } from '#kernel';
import type { AllowedRule } from '#pii';
import { AllowedValue } from './allowed-value.entity.ts';

/** Values that are allowed; every method runs in the caller's transaction. */
export class AllowedValueRepository {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  async insert(allowed: Omit<AllowedValue, 'createdAt'>): Promise<void> {
    await this.database.repository(AllowedValue).insert(allowed as never);
  }

  find(id: string): Promise<AllowedValue | null> {
    return this.database.repository(AllowedValue).findOneBy({ id });
  }

  page(limit: number, after: string | null): Promise<AllowedValue[]> {
    const query = this.database
      .repository(AllowedValue)
      .createQueryBuilder('allowed')
      .orderBy('allowed.id')
      .limit(limit);
    if (after) query.where('allowed.id > :after', { after });
    return query.getMany();
  }

  count(): Promise<number> {
    return this.database.repository(AllowedValue).count();
  }

  /** Those that have not ended, as scanning needs them. */
  async rules(): Promise<AllowedRule[]> {
    const rows = await this.database
      .repository(AllowedValue)
      .createQueryBuilder('allowed')
      .where('allowed.expiresAt IS NULL OR allowed.expiresAt > now()')
      .orderBy('allowed.id')
      .getMany();
    return rows.map(({ id, valueMac, type, datasetId, expiresAt }) => ({
      id: showId('alw', id),
      mac: valueMac && valueMac.toString('hex'),
      type,
      datasetId,
      expiresAt: expiresAt && expiresAt.getTime(),
    }));
  }

  async delete(id: string): Promise<boolean> {
    const { affected } = await this.database.repository(AllowedValue).delete({ id });
    return affected === 1;
  }

  async deleteOf(datasetId: string): Promise<number> {
    const { affected } = await this.database.repository(AllowedValue).delete({ datasetId });
    return affected ?? 0;
  }
}

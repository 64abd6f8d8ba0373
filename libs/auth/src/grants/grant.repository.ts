import { MoreThan } from 'typeorm';
import type { Database } from '#database';
import { Grant } from './grant.entity.ts';

/** Runs in a transaction of the tenant. */
export class GrantRepository {
  constructor(private readonly database: Database) {}

  async insert(grants: Omit<Grant, 'createdAt'>[]): Promise<void> {
    await this.database.repository(Grant).insert(grants as never);
  }

  find(datasetId: string, id: string): Promise<Grant | null> {
    return this.database.repository(Grant).findOneBy({ id, datasetId });
  }

  /** Oldest first. */
  page(datasetId: string, take: number, after: string | null): Promise<Grant[]> {
    const where = { datasetId, ...(after && { id: MoreThan(after) }) };
    return this.database.repository(Grant).find({ where, order: { id: 'ASC' }, take });
  }

  of(datasetId: string): Promise<Grant[]> {
    return this.database.repository(Grant).find({ where: { datasetId }, order: { id: 'ASC' } });
  }

  /** All of a dataset; how many there were. */
  async deleteOf(datasetId: string): Promise<number> {
    const { affected } = await this.database.repository(Grant).delete({ datasetId });
    return affected ?? 0;
  }

  async delete(id: string): Promise<boolean> {
    const { affected } = await this.database.repository(Grant).delete(id);
    return affected === 1;
  }
}

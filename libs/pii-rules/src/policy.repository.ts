import type { Database } from '#database';
import { Policy } from './policy.entity.ts';
import type { PolicyTerms } from './presets/preset.ts';

/** Policies of a tenant's own; every method runs in the caller's transaction. */
export class PolicyRepository {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  async insert(policy: Pick<Policy, 'id' | 'tenantId' | 'name' | 'createdBy'> & PolicyTerms): Promise<void> {
    await this.database.repository(Policy).insert(policy as never);
  }

  find(id: string): Promise<Policy | null> {
    return this.database.repository(Policy).findOneBy({ id });
  }

  page(limit: number, after: string | null): Promise<Policy[]> {
    const query = this.database.repository(Policy).createQueryBuilder('policy').orderBy('policy.id').limit(limit);
    if (after) query.where('policy.id > :after', { after });
    return query.getMany();
  }

  /** Changes it if it is still at that version. */
  async update(id: string, version: number, terms: PolicyTerms & { name: string }): Promise<boolean> {
    const change = { ...terms, version: version + 1, updatedAt: () => 'now()' };
    const { affected } = await this.database.repository(Policy).update({ id, version }, change as never);
    return affected === 1;
  }

  async delete(id: string, version: number): Promise<boolean> {
    const { affected } = await this.database.repository(Policy).delete({ id, version });
    return affected === 1;
  }
}

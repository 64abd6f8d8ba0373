import type { Database } from '#database';
import { Tenant } from './tenant.entity.ts';
import { canonicalEmail, User } from './user.entity.ts';

export class UserRepository {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  /** Whose address it is, before a tenant is known: the one row the database opens to an exact address. */
  async findForSignIn(email: string): Promise<User | null> {
    const canonical = canonicalEmail(email);
    // PostgreSQL refuses NUL in any text, and so nobody has such an address.
    if (canonical.includes('\0')) return null;
    return this.database.withoutTenant({ 'vault.sign_in': canonical }, () =>
      this.database.repository(User).findOneBy({ email: canonical }),
    );
  }

  find(tenantId: string, id: string): Promise<User | null> {
    return this.database.inTenant(tenantId, () => this.database.repository(User).findOneBy({ id }));
  }

  async insert(user: Omit<User, 'createdAt' | 'disabledAt'>): Promise<void> {
    await this.database.repository(User).insert(user);
  }

  async insertTenant(tenant: Omit<Tenant, 'createdAt'>): Promise<void> {
    await this.database.repository(Tenant).insert(tenant);
  }

  /** Every tenant there is: for background work that goes from one to the next. */
  tenants(): Promise<Tenant[]> {
    return this.database.withoutTenant({ 'vault.roll_call': 'on' }, () =>
      this.database.repository(Tenant).find({ order: { createdAt: 'ASC' } }),
    );
  }
}

import { MoreThan } from 'typeorm';
import type { Database } from '#database';
import { Tenant } from '../tenant.entity.ts';
import { canonicalEmail, User } from './user.entity.ts';

export type NewUser = Pick<User, 'id' | 'tenantId' | 'email' | 'passwordHash' | 'roles'> &
  Partial<Pick<User, 'inviteHash' | 'inviteExpiresAt'>>;

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

  /** Who was invited with a token of that hash, before a tenant is known. */
  findInvited(inviteHash: Buffer): Promise<User | null> {
    return this.database.withoutTenant({ 'vault.presented': inviteHash.toString('hex') }, () =>
      this.database.repository(User).findOneBy({ inviteHash }),
    );
  }

  find(tenantId: string, id: string): Promise<User | null> {
    return this.database.inTenant(tenantId, () => this.database.repository(User).findOneBy({ id }));
  }

  /** Oldest first. */
  page(take: number, after: string | null): Promise<User[]> {
    const where = after ? { id: MoreThan(after) } : {};
    return this.database.repository(User).find({ where, order: { id: 'ASC' }, take });
  }

  async insert(user: NewUser): Promise<void> {
    await this.database.repository(User).insert(user);
  }

  async update(id: string, change: Partial<User>): Promise<void> {
    await this.database.repository(User).update(id, change);
  }

  /** Uses an invitation up for a password. Of two that try at once one does. */
  async accept(id: string, inviteHash: Buffer, passwordHash: string): Promise<boolean> {
    const accepted = await this.database.query(
      `UPDATE users SET password_hash = $3, invite_hash = NULL, invite_expires_at = NULL
        WHERE id = $1 AND invite_hash = $2 AND invite_expires_at > now() AND disabled_at IS NULL RETURNING 1`,
      [id, inviteHash, passwordHash],
    );
    return accepted.length > 0;
  }

  async insertTenant(tenant: Omit<Tenant, 'createdAt'>): Promise<Tenant> {
    const tenants = this.database.repository(Tenant);
    await tenants.insert(tenant);
    return tenants.findOneByOrFail({ id: tenant.id });
  }

  /** Every tenant there is: for background work that goes from one to the next. */
  tenants(): Promise<Tenant[]> {
    return this.database.withoutTenant({ 'vault.roll_call': 'on' }, () =>
      this.database.repository(Tenant).find({ order: { createdAt: 'ASC' } }),
    );
  }
}

import type { Audit } from '#audit';
import { type Database, violates } from '#database';
import { idAfter, newId, type Page, pageById, type Principal, showId } from '#kernel';
import type { Tenant } from '../tenant.entity.ts';
import type { UserRepository } from '../users/user.repository.ts';
import type { Invited, UsersService } from '../users/users.service.ts';
import { TenantNotFound, TenantSlugTaken } from './tenant.errors.ts';

export interface NewTenant {
  slug: string;
  name: string;
  /** Of the first administrator, who is invited to choose a password. */
  adminEmail: string;
}

/** Who rents a part of this vault. Its administrators see that they are there, and nothing of what they have. */
export class TenantsService {
  constructor(
    private readonly database: Database,
    private readonly users: UserRepository,
    private readonly people: UsersService,
    private readonly audit: Audit,
  ) {}

  /** @throws TenantSlugTaken, EmailTaken */
  async create(caller: Principal, { slug, name, adminEmail }: NewTenant): Promise<{ tenant: Tenant; admin: Invited }> {
    const id = newId();
    const entry = { action: 'tenant.create', resource: showId('ten', id) };
    const actor = { id: caller.id, tenantId: id };
    try {
      // Told on both sides, in one transaction of both.
      return await this.database.inTenant(caller.tenantId, async () => {
        await this.audit.append(caller, entry);
        return this.database.asTenant(id, async () => {
          const tenant = await this.users.insertTenant({ id, slug, name });
          await this.audit.append(actor, entry);
          return { tenant, admin: await this.people.create(actor, { email: adminEmail, roles: ['admin'] }) };
        });
      });
    } catch (error) {
      if (violates(error, 'tenants_slug_key')) throw new TenantSlugTaken();
      throw error;
    }
  }

  /** Oldest first. @throws BadCursor */
  async list(limit: number, cursor?: string): Promise<Page<Tenant>> {
    const after = idAfter(cursor);
    const all = (await this.users.tenants()).sort((one, other) => (one.id < other.id ? -1 : 1));
    const rows = all.filter(({ id }) => !after || id > after);
    return pageById(rows, limit);
  }

  /** @throws TenantNotFound */
  async get(id: string): Promise<Tenant> {
    const tenant = (await this.users.tenants()).find((each) => each.id === id);
    if (!tenant) throw new TenantNotFound();
    return tenant;
  }
}

import type { Audit } from '#audit';
import { type Database, violates } from '#database';
import { idAfter, newId, type Page, pageById, type Principal, showId } from '#kernel';
import type { Revocations } from '../revocations.ts';
import type { Authority } from '../roles/authority.ts';
import type { User } from '../users/user.entity.ts';
import type { UserRepository } from '../users/user.repository.ts';
import type { IssuerKeys } from './issuer-keys.ts';
import { IssuerNotTrusted, WorkloadNameTaken, WorkloadNotFound } from './oidc.errors.ts';
import type { Workload } from './workload.entity.ts';
import type { WorkloadRepository } from './workload.repository.ts';

export type WorkloadTerms = Pick<Workload, 'name' | 'issuer' | 'audience' | 'claims' | 'purpose'> & { roles: string[] };

export interface WorkloadParts {
  database: Database;
  workloads: WorkloadRepository;
  users: UserRepository;
  authority: Authority;
  revocations: Revocations;
  issuers: IssuerKeys;
  audit: Audit;
}

/** Programs that come with a token of their own platform, and keep no secret of ours. */
export class WorkloadsService {
  constructor(private readonly parts: WorkloadParts) {}

  /** @throws IssuerNotTrusted, WorkloadNameTaken, RoleUnknown, Forbidden */
  async create(caller: Principal, { roles, ...terms }: WorkloadTerms): Promise<Workload> {
    const { database, workloads, users, authority, issuers, audit } = this.parts;
    const { tenantId } = caller;
    const [id, userId] = [newId(), newId()];
    if (!issuers.isTrusted(terms.issuer)) throw new IssuerNotTrusted();
    await authority.overRoles(caller, roles, showId('wl', id));
    // An address nobody has: names under .invalid lead nowhere (RFC 6761).
    const user = { id: userId, tenantId, email: `${showId('wl', id)}@workload.invalid`, passwordHash: null, roles };
    const details = { issuer: terms.issuer, roles: roles.join(' '), user: showId('usr', userId) };
    try {
      return await database.inTenant(tenantId, async () => {
        await users.insert(user);
        await workloads.insert({ id, tenantId, userId, ...terms });
        await audit.append(caller, { action: 'workload.create', resource: showId('wl', id), details });
        return this.mustFind(id);
      });
    } catch (error) {
      if (violates(error, 'workloads_tenant_id_name_key')) throw new WorkloadNameTaken();
      throw error;
    }
  }

  /** Oldest first. @throws BadCursor */
  list(caller: Principal, limit: number, cursor?: string): Promise<Page<Workload>> {
    const after = idAfter(cursor);
    return this.parts.database.inTenant(caller.tenantId, async () => {
      const rows = await this.parts.workloads.page(limit + 1, after);
      return pageById(rows, limit);
    });
  }

  /** @throws WorkloadNotFound */
  get(caller: Principal, id: string): Promise<Workload> {
    return this.parts.database.inTenant(caller.tenantId, () => this.mustFind(id));
  }

  /** Ends what it holds, and closes the user it acted as: what it did stays named. @throws WorkloadNotFound */
  remove(caller: Principal, id: string): Promise<void> {
    const { database, workloads, users, revocations, audit } = this.parts;
    return database.inTenant(caller.tenantId, async () => {
      const { userId } = await this.mustFind(id);
      await workloads.delete(id);
      await users.update(userId, { disabledAt: new Date() } satisfies Partial<User>);
      await audit.append(caller, { action: 'workload.delete', resource: showId('wl', id) });
      await revocations.user(caller, userId, { because: 'the workload was removed', apiKeys: true });
    });
  }

  private async mustFind(id: string): Promise<Workload> {
    const workload = await this.parts.workloads.find(id);
    if (!workload) throw new WorkloadNotFound();
    return workload;
  }
}

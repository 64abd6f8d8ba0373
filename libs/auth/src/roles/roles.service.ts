import type { Audit } from '#audit';
import { type Database, violates } from '#database';
import { newId, type Principal, showId } from '#kernel';
import { atVersion, VersionMismatch } from '#rest';
import { mustBindMasked } from '../access/bound-to-views.ts';
import type { AccessEpochs } from '../access-epochs.ts';
import type { Authority } from './authority.ts';
import { builtInRole } from './built-in-roles.ts';
import type { Role } from './role.entity.ts';
import { RoleBuiltIn, RoleInUse, RoleIsOwn, RoleNameTaken, RoleNotFound } from './role.errors.ts';
import type { RoleRepository } from './role.repository.ts';

export type RoleTerms = Pick<Role, 'description' | 'effect' | 'permissions' | 'conditions'>;

export interface RoleParts {
  database: Database;
  roles: RoleRepository;
  authority: Authority;
  epochs: AccessEpochs;
  audit: Audit;
}

/** Roles a tenant makes for itself. */
export class RolesService {
  constructor(private readonly parts: RoleParts) {}

  /** @throws RoleNameTaken, RoleBuiltIn, ConditionMisplaced, Forbidden */
  async create(caller: Principal, name: string, terms: RoleTerms): Promise<Role> {
    const { database, roles, audit } = this.parts;
    if (builtInRole(name)) throw new RoleBuiltIn();
    const id = newId();
    await this.mayGive(caller, terms, showId('role', id));
    try {
      return await database.inTenant(caller.tenantId, async () => {
        await roles.insert({ id, tenantId: caller.tenantId, name, ...terms });
        await audit.append(caller, { action: 'role.create', resource: showId('role', id), details: summary(terms) });
        return this.mustFind(id);
      });
    } catch (error) {
      if (violates(error, 'roles_tenant_id_name_key')) throw new RoleNameTaken();
      throw error;
    }
  }

  /** The tenant's own, by name. */
  list(caller: Principal): Promise<Role[]> {
    return this.parts.database.inTenant(caller.tenantId, () => this.parts.roles.all());
  }

  /** @throws RoleNotFound */
  get(caller: Principal, id: string): Promise<Role> {
    return this.parts.database.inTenant(caller.tenantId, () => this.mustFind(id));
  }

  /** `version` is what the caller has seen; any when left out. @throws as `create`, RoleNotFound, RoleIsOwn, VersionMismatch */
  async change(caller: Principal, id: string, change: Partial<RoleTerms>, version?: number): Promise<Role> {
    const { database, roles, epochs, audit } = this.parts;
    // A role that takes away gives when it changes: all that it took.
    const before = await this.get(caller, id);
    const { description, effect, permissions, conditions } = before;
    const terms: RoleTerms = { description, effect, permissions, conditions, ...change };
    await this.mayGive(caller, terms, showId('role', id));
    return database.inTenant(caller.tenantId, async () => {
      const role = await this.others(caller, id, version);
      if (!(await roles.update(id, role.version, change))) throw new VersionMismatch();
      await audit.append(caller, { action: 'role.change', resource: showId('role', id), details: summary(terms) });
      await epochs.raise(caller.tenantId);
      return this.mustFind(id);
    });
  }

  /** @throws RoleNotFound, RoleInUse, VersionMismatch */
  remove(caller: Principal, id: string, version?: number): Promise<void> {
    const { database, roles, epochs, audit } = this.parts;
    return database.inTenant(caller.tenantId, async () => {
      const role = await this.mustFind(id, version);
      if (await roles.isUsed(role.name)) throw new RoleInUse();
      if (!(await roles.delete(id, role.version))) throw new VersionMismatch();
      await audit.append(caller, { action: 'role.delete', resource: showId('role', id) });
      await epochs.raise(caller.tenantId);
    });
  }

  private async mayGive(caller: Principal, terms: RoleTerms, resource: string): Promise<void> {
    const { effect, permissions } = terms;
    mustBindMasked(terms);
    await this.parts.authority.overPermissions(caller, effect === 'allow' ? permissions : [], resource);
  }

  /** One the caller does not have: in it could stand what they may not. */
  private async others(caller: Principal, id: string, version?: number): Promise<Role> {
    const role = await this.mustFind(id, version);
    const own = await this.parts.roles.namesOf(caller.id);
    const has = own && [...own.lasting, ...own.temporary.map((given) => given.role)].includes(role.name);
    if (has) throw new RoleIsOwn();
    return role;
  }

  private async mustFind(id: string, version?: number): Promise<Role> {
    const role = await this.parts.roles.find(id);
    if (!role) throw new RoleNotFound();
    return atVersion(role, version);
  }
}

function summary({ effect, permissions, conditions }: RoleTerms): Record<string, string> {
  return { effect, permissions: permissions.join(' '), conditions: Object.keys(conditions).join(' ') };
}

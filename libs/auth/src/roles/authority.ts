import type { Database } from '#database';
import type { Principal } from '#kernel';
import type { Gatekeeper } from '../access/gatekeeper.ts';
import { UserNotFound } from '../auth.errors.ts';
import { builtInRole } from './built-in-roles.ts';
import type { RightsRepository } from './rights.repository.ts';
import { RoleUnknown } from './role.errors.ts';
import type { RoleRepository } from './role.repository.ts';

/** Nobody gives what they do not have, nor takes over somebody who has more: rights would grow by way of a friend. */
export class Authority {
  constructor(
    private readonly database: Database,
    private readonly roles: RoleRepository,
    private readonly rights: RightsRepository,
    private readonly gatekeeper: Gatekeeper,
  ) {}

  /** @throws RoleUnknown, Forbidden */
  async overRoles(caller: Principal, names: readonly string[], resource: string): Promise<void> {
    const given = await this.database.inTenant(caller.tenantId, async () => {
      await this.mustExist(names);
      return this.rights.rulesOfRoles(names.map((name) => ({ name, expiresAt: null })));
    });
    const allowed = given.filter(({ effect }) => effect === 'allow').flatMap(({ permissions }) => permissions);
    await this.overPermissions(caller, allowed, resource);
  }

  /** That a caller has at least what another user has, without the grants for single datasets. @throws UserNotFound, Forbidden */
  async overUser(caller: Principal, userId: string, resource: string): Promise<void> {
    const names = await this.database.inTenant(caller.tenantId, () => this.roles.namesOf(userId));
    if (!names) throw new UserNotFound();
    const known = [...names.lasting, ...names.temporary.map(({ role }) => role)];
    const rules = await this.database.inTenant(caller.tenantId, () =>
      this.rights.rulesOfRoles(known.map((name) => ({ name, expiresAt: null }))),
    );
    const allowed = rules.filter(({ effect }) => effect === 'allow').flatMap(({ permissions }) => permissions);
    await this.overPermissions(caller, allowed, resource);
  }

  /** @throws Forbidden */
  async overPermissions(caller: Principal, permissions: readonly string[], resource: string): Promise<void> {
    const lacking = permissions.find((name) => !caller.permissions.has(name));
    if (lacking === undefined) return;
    const reason = 'nobody gives or takes what they do not have themselves';
    await this.gatekeeper.refuse(caller, lacking, resource, { allowed: false, by: null, policy: 'authority', reason });
  }

  /** Runs in a transaction of the tenant. @throws RoleUnknown */
  async mustExist(names: readonly string[]): Promise<void> {
    for (const name of names) {
      if (!builtInRole(name) && !(await this.roles.findNamed(name))) {
        throw new RoleUnknown().with({ issues: [{ pointer: '/roles', detail: 'Expected names of roles' }] });
      }
    }
  }
}

import type { Database } from '#database';
import type { RightsRepository } from '../roles/rights.repository.ts';
import type { RoleRepository } from '../roles/role.repository.ts';
import type { UserRepository } from '../users/user.repository.ts';
import type { Gatekeeper } from './gatekeeper.ts';
import type { Rule } from './rule.ts';

/** What people may do who are not calling: whether what they said once still counts. */
export class UserRights {
  constructor(
    private readonly database: Database,
    private readonly users: Pick<UserRepository, 'find'>,
    private readonly roles: Pick<RoleRepository, 'namesOf'>,
    private readonly rights: Pick<RightsRepository, 'rulesOf'>,
    private readonly gatekeeper: Pick<Gatekeeper, 'judge' | 'now'>,
  ) {}

  /** Whether a user has a permission for a dataset at the moment, whatever the hour, the address and the purpose. */
  may(tenantId: string, userId: string, permission: string, dataset: string): Promise<boolean> {
    return this.database.inTenant(tenantId, async () => {
      const user = await this.users.find(tenantId, userId);
      const names = await this.roles.namesOf(userId);
      if (!user || !names || user.disabledAt || user.lockedAt) return false;
      const rules = (await this.rights.rulesOf(userId, names.lasting)).flatMap(lasting);
      const question = { permission, about: { dataset }, circumstances: { at: this.gatekeeper.now().at } };
      return (await this.gatekeeper.judge(tenantId, { rules, cap: null }, question)).allowed;
    });
  }
}

/** A rule as it is for somebody who asks for nothing right now: what denies only in some circumstances does not then. */
function lasting(rule: Rule): Rule[] {
  const { purposes, networks, hours, ...conditions } = rule.conditions;
  const depends = purposes !== undefined || networks !== undefined || hours !== undefined;
  return depends && rule.effect === 'deny' ? [] : [{ ...rule, conditions }];
}

import { In, MoreThan } from 'typeorm';
import type { Rule } from '../access/rule.ts';
import type { Database } from '#database';
import { showId } from '#kernel';
import { Grant } from '../grants/grant.entity.ts';
import { OWN, type Permission } from '../permissions.ts';
import { Tenant } from '../tenant.entity.ts';
import { builtInRole } from './built-in-roles.ts';
import { Role } from './role.entity.ts';
import { TemporaryRole } from './temporary-role.entity.ts';

/** Slug of the tenant that came first: its administrators run the vault. */
export const PLATFORM_TENANT = 'default';

const UNCONDITIONAL = { effect: 'allow', datasetId: null, conditions: {}, expiresAt: null } as const;
const OWN_RULE: Rule = { ...UNCONDITIONAL, name: 'everyone', permissions: OWN };
/** What those roles may do besides, there. */
const PLATFORM_ROLES: Readonly<Record<string, readonly Permission[]>> = {
  admin: ['platform:tenants', 'platform:maintenance', 'platform:config'],
  operator: ['platform:maintenance', 'platform:config'],
};

/** A role somebody has, and until when. */
interface Had {
  name: string;
  expiresAt: Date | null;
}

/** What speaks for and against a user. Runs in a transaction of the tenant. */
export class RightsRepository {
  constructor(private readonly database: Database) {}

  /** `lasting` are the roles in the user's own row. */
  async rulesOf(userId: string, lasting: readonly string[]): Promise<Rule[]> {
    const temporary = await this.database.repository(TemporaryRole).findBy({ userId, expiresAt: MoreThan(new Date()) });
    const had = [
      ...lasting.map((name) => ({ name, expiresAt: null })),
      ...temporary.map(({ role: name, expiresAt }) => ({ name, expiresAt })),
    ];
    return [OWN_RULE, ...(await this.rulesOfRoles(had)), ...(await this.grantsTo(userId, had))];
  }

  /** A role nobody defined adds nothing. */
  async rulesOfRoles(had: readonly Had[]): Promise<Rule[]> {
    const builtIn = had.flatMap(({ name, expiresAt }) =>
      (builtInRole(name)?.rules ?? []).map(({ permissions, conditions = {} }) => ({
        ...UNCONDITIONAL,
        name: `role ${name}`,
        permissions,
        conditions,
        expiresAt,
      })),
    );
    const others = had.filter(({ name }) => !builtInRole(name));
    return [...builtIn, ...(await this.platformRules(had)), ...(await this.ownRoles(others))];
  }

  private async platformRules(had: readonly Had[]): Promise<Rule[]> {
    const rules = had.flatMap(({ name, expiresAt }): Rule[] => {
      const permissions = PLATFORM_ROLES[name];
      return permissions ? [{ ...UNCONDITIONAL, name: `role ${name}`, permissions, expiresAt }] : [];
    });
    if (rules.length === 0) return [];
    return (await this.database.repository(Tenant).existsBy({ slug: PLATFORM_TENANT })) ? rules : [];
  }

  private async ownRoles(had: readonly Had[]): Promise<Rule[]> {
    if (had.length === 0) return [];
    const roles = await this.database.repository(Role).findBy({ name: In(had.map(({ name }) => name)) });
    return roles.map(({ id, name, effect, permissions, conditions }) => ({
      name: `role ${showId('role', id)}`,
      effect,
      permissions,
      conditions,
      datasetId: null,
      expiresAt: had.find((each) => each.name === name)!.expiresAt,
    }));
  }

  private async grantsTo(userId: string, had: readonly Had[]): Promise<Rule[]> {
    const roles = had.map(({ name }) => name);
    const grants = await this.database.repository(Grant).find({
      where: [{ userId }, ...(roles.length > 0 ? [{ role: In(roles) }] : [])],
      order: { id: 'ASC' },
    });
    return grants.map(({ id, role, effect, permissions, datasetId, conditions, expiresAt }) => {
      const until = had.find(({ name }) => name === role)?.expiresAt ?? null;
      return {
        name: `grant ${showId('grt', id)}`,
        effect,
        permissions,
        datasetId,
        conditions,
        expiresAt: earlier(expiresAt, until),
      };
    });
  }
}

/** The first of two ends, of which either may not be. */
function earlier(one: Date | null, other: Date | null): Date | null {
  if (!one || !other) return one ?? other;
  return one < other ? one : other;
}

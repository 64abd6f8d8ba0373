import type { Database } from '#database';
import { type Principal, showId } from '#kernel';
import type { DatasetDirectory } from '../access/dataset.directory.ts';
import type { Decision } from '../access/decide.ts';
import type { About, Gatekeeper } from '../access/gatekeeper.ts';
import { rightsOf } from '../access/rights.ts';
import type { Circumstances, Rights } from '../access/rule.ts';
import { UserNotFound } from '../auth.errors.ts';
import { isAboutDatasets, type Permission } from '../permissions.ts';
import { builtInRoles } from '../roles/built-in-roles.ts';
import type { RightsRepository } from '../roles/rights.repository.ts';
import type { RoleRepository } from '../roles/role.repository.ts';

export interface Asked {
  action: Permission;
  datasetId?: string;
  /** Somebody else; the caller when left out. */
  userId?: string;
  /** Instead of those of this very request. */
  circumstances: Partial<Circumstances>;
}

export interface Explanation extends Decision {
  userId: string;
  /** Roles each of which would be enough. */
  roles: string[];
  /** Whether a grant for this dataset would be enough. */
  grant: boolean;
}

export interface ExplanationParts {
  database: Database;
  datasets: DatasetDirectory;
  gatekeeper: Gatekeeper;
  rights: RightsRepository;
  roles: RoleRepository;
}

/** Why somebody may or may not do something, and what would have to be otherwise. */
export class ExplanationsService {
  constructor(private readonly parts: ExplanationParts) {}

  /** @throws UserNotFound, Forbidden for somebody else without `role:read`, and what is said of a dataset that is not there */
  async explain(
    caller: Principal,
    { action, datasetId, userId = caller.id, circumstances }: Asked,
  ): Promise<Explanation> {
    const { database, datasets, gatekeeper } = this.parts;
    const { tenantId } = caller;
    if (userId !== caller.id) await gatekeeper.demand(caller, 'role:read', 'none', showId('usr', userId));
    if (datasetId) await database.inTenant(tenantId, () => datasets.mustExist(datasetId));
    const rights = userId === caller.id ? rightsOf(caller) : await this.rightsOfUser(tenantId, userId);
    const about: About = datasetId ? { dataset: datasetId } : isAboutDatasets(action) ? 'all' : 'none';
    const question = { permission: action, about, circumstances: { ...gatekeeper.now(caller), ...circumstances } };
    const judge = (extra: Rights['rules']): Promise<Decision> =>
      gatekeeper.judge(tenantId, { ...rights, rules: [...rights.rules, ...extra] }, question);

    const decision = await judge([]);
    if (decision.allowed) return { ...decision, userId, roles: [], grant: false };
    return {
      ...decision,
      userId,
      roles: await this.rolesThat(tenantId, judge),
      grant: await grantHelps(question, judge),
    };
  }

  private rightsOfUser(tenantId: string, userId: string): Promise<Rights> {
    const { database, rights, roles } = this.parts;
    return database.inTenant(tenantId, async () => {
      const names = await roles.namesOf(userId);
      if (!names) throw new UserNotFound();
      return { rules: await rights.rulesOf(userId, names.lasting), cap: null };
    });
  }

  private async rolesThat(tenantId: string, judge: (extra: Rights['rules']) => Promise<Decision>): Promise<string[]> {
    const { database, rights, roles } = this.parts;
    const own = await database.inTenant(tenantId, () => roles.all());
    const enough: string[] = [];
    for (const { name } of [...builtInRoles, ...own]) {
      const rules = await database.inTenant(tenantId, () => rights.rulesOfRoles([{ name, expiresAt: null }]));
      if ((await judge(rules)).allowed) enough.push(name);
    }
    return enough;
  }
}

async function grantHelps(
  { permission, about }: { permission: string; about: About },
  judge: (extra: Rights['rules']) => Promise<Decision>,
): Promise<boolean> {
  if (typeof about === 'string') return false;
  const grant = { name: 'grant', effect: 'allow', conditions: {}, expiresAt: null } as const;
  return (await judge([{ ...grant, permissions: [permission], datasetId: about.dataset }])).allowed;
}

import type { Audit } from '#audit';
import type { Database } from '#database';
import type { Clock, Log } from '#kernel';
import type { DatasetDirectory } from './access/dataset.directory.ts';
import { Gatekeeper } from './access/gatekeeper.ts';
import type { AccessEpochs } from './access-epochs.ts';
import type { AuthCounters } from './authentication.log.ts';
import { ExplanationsService } from './explain/explanations.service.ts';
import { GrantRepository } from './grants/grant.repository.ts';
import { GrantsService } from './grants/grants.service.ts';
import { UserRights } from './access/user-rights.ts';
import { Authority } from './roles/authority.ts';
import { RightsRepository } from './roles/rights.repository.ts';
import { RoleRepository } from './roles/role.repository.ts';
import { RoleLoansService } from './roles/role-loans.service.ts';
import { RolesService } from './roles/roles.service.ts';
import type { UserRepository } from './users/user.repository.ts';

export interface RightsParts {
  database: Database;
  users: UserRepository;
  datasets: DatasetDirectory;
  epochs: AccessEpochs;
  audit: Audit;
  counters: AuthCounters;
  clock: Clock;
  log: Log;
}

/** Who may do what: all that says so, and all that changes it. */
export interface RightsRoom {
  gatekeeper: Gatekeeper;
  rights: RightsRepository;
  authority: Authority;
  roles: RolesService;
  roleLoans: RoleLoansService;
  grants: GrantsService;
  explanations: ExplanationsService;
  userRights: UserRights;
}

export function openRights(parts: RightsParts): RightsRoom {
  const { database, users, datasets, epochs, audit, counters, clock, log } = parts;
  const gatekeeper = new Gatekeeper({ database, datasets, audit, counters, clock, log });
  const rights = new RightsRepository(database);
  const roles = new RoleRepository(database);
  const authority = new Authority(database, roles, rights, gatekeeper);
  const giving = { database, roles, authority, epochs, audit };
  return {
    gatekeeper,
    rights,
    authority,
    roles: new RolesService(giving),
    roleLoans: new RoleLoansService(giving),
    grants: new GrantsService({ ...giving, datasets, grants: new GrantRepository(database) }),
    userRights: new UserRights(database, users, roles, rights, gatekeeper),
    explanations: new ExplanationsService({ database, datasets, gatekeeper, rights, roles }),
  };
}

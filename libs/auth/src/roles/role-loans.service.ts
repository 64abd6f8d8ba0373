import type { Audit } from '#audit';
import type { Database } from '#database';
import { type Principal, showId } from '#kernel';
import type { AccessEpochs } from '../access-epochs.ts';
import { OwnAccount, UserNotFound } from '../auth.errors.ts';
import type { Authority } from './authority.ts';
import { RoleNotFound } from './role.errors.ts';
import type { RoleRepository } from './role.repository.ts';

/** A role somebody has; until further notice when it has no end. */
export interface HeldRole {
  role: string;
  expiresAt: Date | null;
}

export interface RoleLoanParts {
  database: Database;
  roles: RoleRepository;
  authority: Authority;
  epochs: AccessEpochs;
  audit: Audit;
}

/** Roles for a while: for a holiday, an incident, a project with an end. */
export class RoleLoansService {
  constructor(private readonly parts: RoleLoanParts) {}

  /** What a user has at the moment. @throws UserNotFound */
  async of(caller: Principal, userId: string): Promise<HeldRole[]> {
    const { database, roles } = this.parts;
    const names = await database.inTenant(caller.tenantId, () => roles.namesOf(userId));
    if (!names) throw new UserNotFound();
    const lasting = names.lasting.map((role) => ({ role, expiresAt: null }));
    return [...lasting, ...names.temporary.map(({ role, expiresAt }) => ({ role, expiresAt }))];
  }

  /** @throws UserNotFound, OwnAccount, RoleUnknown, Forbidden */
  async lend(caller: Principal, userId: string, role: string, expiresAt: Date): Promise<HeldRole> {
    const { database, roles, authority, epochs, audit } = this.parts;
    const resource = showId('usr', userId);
    if (userId === caller.id) throw new OwnAccount();
    await authority.overRoles(caller, [role], resource);
    return database.inTenant(caller.tenantId, async () => {
      if (!(await roles.namesOf(userId))) throw new UserNotFound();
      await roles.lend({ userId, role, tenantId: caller.tenantId, expiresAt, givenBy: caller.id });
      const details = { role, expires_at: expiresAt.toISOString() };
      await audit.append(caller, { action: 'role.lend', resource, details });
      await epochs.raise(caller.tenantId);
      return { role, expiresAt };
    });
  }

  /** Before it ends by itself. @throws UserNotFound, OwnAccount, RoleNotFound, Forbidden */
  async takeBack(caller: Principal, userId: string, role: string): Promise<void> {
    const { database, roles, authority, epochs, audit } = this.parts;
    const resource = showId('usr', userId);
    if (userId === caller.id) throw new OwnAccount();
    await authority.overUser(caller, userId, resource);
    await database.inTenant(caller.tenantId, async () => {
      if (!(await roles.takeBack(userId, role))) throw new RoleNotFound();
      await audit.append(caller, { action: 'role.take-back', resource, details: { role } });
      await epochs.raise(caller.tenantId);
    });
  }
}

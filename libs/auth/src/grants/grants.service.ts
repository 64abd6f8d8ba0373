import type { Audit } from '#audit';
import type { Database } from '#database';
import { idAfter, newId, type Page, pageById, type Principal, showId } from '#kernel';
import { mustBindMasked } from '../access/bound-to-views.ts';
import type { DatasetDirectory } from '../access/dataset.directory.ts';
import type { AccessEpochs } from '../access-epochs.ts';
import { UserNotFound } from '../auth.errors.ts';
import type { Authority } from '../roles/authority.ts';
import type { RoleRepository } from '../roles/role.repository.ts';
import type { Grant } from './grant.entity.ts';
import { GrantIsOwn, GrantNotFound } from './grant.errors.ts';
import type { GrantRepository } from './grant.repository.ts';

/** Either a user or a role. */
export type GrantTerms = Pick<Grant, 'userId' | 'role' | 'effect' | 'permissions' | 'conditions' | 'expiresAt'>;

export interface GrantParts {
  database: Database;
  datasets: DatasetDirectory;
  grants: GrantRepository;
  roles: RoleRepository;
  authority: Authority;
  epochs: AccessEpochs;
  audit: Audit;
}

/** Who may do what with one dataset, beyond or against what their roles say. */
export class GrantsService {
  constructor(private readonly parts: GrantParts) {}

  /** Who may give need not have it: that somebody else decides about plaintext is the point. @throws UserNotFound, RoleUnknown, GrantIsOwn, ConditionMisplaced */
  async give(caller: Principal, datasetId: string, terms: GrantTerms): Promise<Grant> {
    const { database, datasets, grants, roles, authority, epochs, audit } = this.parts;
    const id = newId();
    mustBindMasked(terms);
    return database.inTenant(caller.tenantId, async () => {
      await datasets.mustExist(datasetId);
      if (terms.userId && !(await roles.namesOf(terms.userId))) throw new UserNotFound();
      if (terms.role) await authority.mustExist([terms.role]);
      await this.mustBeOfOthers(caller, terms);
      await grants.insert([{ id, tenantId: caller.tenantId, datasetId, createdBy: caller.id, ...terms }]);
      const details = { grant: showId('grt', id), ...summary(terms) };
      await audit.append(caller, { action: 'grant.give', resource: showId('ds', datasetId), details });
      await epochs.raise(caller.tenantId);
      return this.mustFind(datasetId, id);
    });
  }

  /** Oldest first. @throws BadCursor */
  list(caller: Principal, datasetId: string, limit: number, cursor?: string): Promise<Page<Grant>> {
    const after = idAfter(cursor);
    return this.parts.database.inTenant(caller.tenantId, async () => {
      await this.parts.datasets.mustExist(datasetId);
      const rows = await this.parts.grants.page(datasetId, limit + 1, after);
      return pageById(rows, limit);
    });
  }

  /** @throws GrantNotFound */
  get(caller: Principal, datasetId: string, id: string): Promise<Grant> {
    return this.parts.database.inTenant(caller.tenantId, () => this.mustFind(datasetId, id));
  }

  /** @throws GrantNotFound, GrantIsOwn */
  takeBack(caller: Principal, datasetId: string, id: string): Promise<void> {
    const { database, grants, epochs, audit } = this.parts;
    return database.inTenant(caller.tenantId, async () => {
      const grant = await this.mustFind(datasetId, id);
      await this.mustBeOfOthers(caller, grant);
      if (!(await grants.delete(id))) throw new GrantNotFound();
      const details = { grant: showId('grt', id), ...summary(grant) };
      await audit.append(caller, { action: 'grant.take-back', resource: showId('ds', datasetId), details });
      await epochs.raise(caller.tenantId);
    });
  }

  /**
   * Guards a copy as what it was copied from, inside the transaction that makes it. A copy for everybody, of a dataset
   * that is not, would be a way around every grant.
   */
  async copy(caller: Principal, fromDatasetId: string, toDatasetId: string): Promise<void> {
    const { grants, epochs, audit } = this.parts;
    const copied = await grants.of(fromDatasetId);
    if (copied.length === 0) return;
    await grants.insert(
      copied.map(({ tenantId, createdBy, ...terms }) => ({
        ...termsOf(terms),
        id: newId(),
        tenantId,
        createdBy,
        datasetId: toDatasetId,
      })),
    );
    const details = { from: showId('ds', fromDatasetId), grants: copied.length };
    await audit.append(caller, { action: 'grant.copy', resource: showId('ds', toDatasetId), details });
    await epochs.raise(caller.tenantId);
  }

  /** Takes back all grants of a dataset, inside the transaction that deletes it. */
  async forget(caller: Principal, datasetId: string): Promise<void> {
    if ((await this.parts.grants.deleteOf(datasetId)) > 0) await this.parts.epochs.raise(caller.tenantId);
  }

  private async mustBeOfOthers(caller: Principal, { userId, role }: Pick<Grant, 'userId' | 'role'>): Promise<void> {
    if (userId === caller.id) throw new GrantIsOwn();
    if (!role) return;
    const own = await this.parts.roles.namesOf(caller.id);
    if (own && [...own.lasting, ...own.temporary.map((given) => given.role)].includes(role)) throw new GrantIsOwn();
  }

  private async mustFind(datasetId: string, id: string): Promise<Grant> {
    await this.parts.datasets.mustExist(datasetId);
    const grant = await this.parts.grants.find(datasetId, id);
    if (!grant) throw new GrantNotFound();
    return grant;
  }
}

function termsOf({ userId, role, effect, permissions, conditions, expiresAt }: GrantTerms): GrantTerms {
  return { userId, role, effect, permissions, conditions, expiresAt };
}

function summary({ userId, role, effect, permissions, conditions, expiresAt }: GrantTerms): Record<string, string> {
  return {
    effect,
    to: userId ? showId('usr', userId) : `role ${role}`,
    permissions: permissions.join(' '),
    conditions: Object.keys(conditions).join(' '),
    ...(expiresAt && { expires_at: expiresAt.toISOString() }),
  };
}

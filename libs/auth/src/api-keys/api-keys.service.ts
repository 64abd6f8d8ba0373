import type { Audit } from '#audit';
import type { Database } from '#database';
import { idAfter, newId, type Page, pageById, type Principal, showId } from '#kernel';
import type { AccessEpochs } from '../access-epochs.ts';
import { ApiKeyNotFound } from '../auth.errors.ts';
import { hashOf } from '../opaque-token.ts';
import type { ApiKey } from './api-key.entity.ts';
import type { ApiKeyRepository } from './api-key.repository.ts';
import { newApiKey } from './api-key.token.ts';

export interface KeyTerms {
  name: string;
  scopes: string[];
  datasetIds: string[] | null;
  networks: string[];
  expiresAt: Date | null;
}

/** A key with its secret, which is said only when it is made or rotated. */
export interface WithSecret {
  key: ApiKey;
  secret: string;
}

export interface ApiKeyParts {
  database: Database;
  apiKeys: ApiKeyRepository;
  epochs: AccessEpochs;
  audit: Audit;
}

/** API keys, as their owners see them. Whoever may change users sees and revokes those of everyone. */
export class ApiKeysService {
  constructor(private readonly parts: ApiKeyParts) {}

  create(caller: Principal, terms: KeyTerms): Promise<WithSecret> {
    const { database, apiKeys, audit } = this.parts;
    const id = newId();
    const { secret, ...kept } = newSecret();
    return database.inTenant(caller.tenantId, async () => {
      await apiKeys.insert({ id, tenantId: caller.tenantId, ownerId: caller.id, ...terms, ...kept });
      await audit.append(caller, { action: 'api-key.create', resource: showId('key', id), details: summary(terms) });
      return { key: await this.mustFind(id, caller.id), secret };
    });
  }

  /** @throws ApiKeyNotFound */
  get(caller: Principal, id: string): Promise<ApiKey> {
    return this.parts.database.inTenant(caller.tenantId, () => this.mustFind(id, ownerSeenBy(caller, 'user:read')));
  }

  /** Oldest first: the caller's own, or those of everyone where the caller may see users. @throws BadCursor */
  async list(caller: Principal, limit: number, cursor?: string): Promise<Page<ApiKey>> {
    const after = idAfter(cursor);
    return this.parts.database.inTenant(caller.tenantId, async () => {
      const rows = await this.parts.apiKeys.page(limit + 1, after, ownerSeenBy(caller, 'user:read'));
      return pageById(rows, limit);
    });
  }

  /** @throws ApiKeyNotFound */
  change(caller: Principal, id: string, terms: Partial<KeyTerms>): Promise<ApiKey> {
    const { database, apiKeys, epochs, audit } = this.parts;
    return database.inTenant(caller.tenantId, async () => {
      await this.mustFind(id, caller.id);
      if (Object.keys(terms).length > 0) await apiKeys.update(id, terms);
      await audit.append(caller, { action: 'api-key.change', resource: showId('key', id), details: summary(terms) });
      await epochs.raise(caller.tenantId);
      return this.mustFind(id, caller.id);
    });
  }

  /** Another secret for the same key. The old one goes on working for `graceMinutes`. @throws ApiKeyNotFound */
  rotate(caller: Principal, id: string, graceMinutes: number): Promise<WithSecret> {
    const { database, apiKeys, epochs, audit } = this.parts;
    const { secret, ...kept } = newSecret();
    return database.inTenant(caller.tenantId, async () => {
      await this.mustFind(id, caller.id);
      await apiKeys.rotate(id, kept, graceMinutes);
      const details = { grace_minutes: graceMinutes };
      await audit.append(caller, { action: 'api-key.rotate', resource: showId('key', id), details });
      await epochs.raise(caller.tenantId);
      return { key: await this.mustFind(id, caller.id), secret };
    });
  }

  /** @throws ApiKeyNotFound */
  revoke(caller: Principal, id: string): Promise<void> {
    const { database, apiKeys, epochs, audit } = this.parts;
    return database.inTenant(caller.tenantId, async () => {
      await this.mustFind(id, ownerSeenBy(caller, 'user:write'));
      await apiKeys.update(id, { revokedAt: new Date() });
      await audit.append(caller, { action: 'api-key.revoke', resource: showId('key', id) });
      await epochs.raise(caller.tenantId);
    });
  }

  private async mustFind(id: string, ownerId?: string): Promise<ApiKey> {
    const key = await this.parts.apiKeys.find(id, ownerId);
    if (!key) throw new ApiKeyNotFound();
    return key;
  }
}

/** Whose keys a caller may see: undefined for everyone's. */
function ownerSeenBy(caller: Principal, permission: string): string | undefined {
  return caller.permissions.has(permission) ? undefined : caller.id;
}

function newSecret(): { secret: string; hash: Buffer; hint: string } {
  const secret = newApiKey();
  return { secret, hash: hashOf(secret), hint: secret.slice(-4) };
}

function summary({
  scopes,
  datasetIds,
  networks,
  expiresAt,
}: Partial<KeyTerms>): Record<string, string | number | null> {
  return {
    ...(scopes && { scopes: scopes.join(' ') }),
    ...(datasetIds && { datasets: datasetIds.length }),
    ...(networks && { networks: networks.join(' ') }),
    ...(expiresAt && { expires_at: expiresAt.toISOString() }),
  };
}

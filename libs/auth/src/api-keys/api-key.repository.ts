import { type FindOptionsWhere, IsNull, MoreThan } from 'typeorm';
import type { Database } from '#database';
import { ApiKey } from './api-key.entity.ts';

/** A key that works, and what its owner is. */
export interface LiveKey {
  id: string;
  ownerId: string;
  scopes: string[];
  datasetIds: string[] | null;
  networks: string[];
  roles: string[];
  /** When this very secret ends: with the key, or with the grace after a rotation. */
  until: Date | null;
}

export class ApiKeyRepository {
  constructor(private readonly database: Database) {}

  /** Whose key a secret is, before a tenant is known. */
  findPresented(hash: Buffer): Promise<Pick<ApiKey, 'id' | 'tenantId' | 'ownerId'> | null> {
    return this.database.withoutTenant({ 'vault.presented': hash.toString('hex') }, () =>
      this.database.repository(ApiKey).findOne({
        select: { id: true, tenantId: true, ownerId: true },
        where: [{ hash }, { previousHash: hash }],
      }),
    );
  }

  async live(hash: Buffer): Promise<LiveKey | null> {
    const [key] = await this.database.query<LiveKey>(
      `SELECT k.id, k.owner_id AS "ownerId", k.scopes, k.dataset_ids AS "datasetIds", k.networks, u.roles,
              CASE WHEN k.hash = $1 THEN k.expires_at ELSE least(k.expires_at, k.previous_until) END AS until
         FROM api_keys k JOIN users u ON u.id = k.owner_id
        WHERE (k.hash = $1 OR k.previous_hash = $1 AND k.previous_until > now())
          AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())
          AND u.disabled_at IS NULL AND u.locked_at IS NULL`,
      [hash],
    );
    return key ?? null;
  }

  async insert(
    key: Omit<ApiKey, 'createdAt' | 'previousHash' | 'previousUntil' | 'lastUsedAt' | 'revokedAt'>,
  ): Promise<void> {
    await this.database.repository(ApiKey).insert(key);
  }

  /** One that was not revoked; of that owner, when one is named. */
  find(id: string, ownerId?: string): Promise<ApiKey | null> {
    return this.database.repository(ApiKey).findOneBy({ id, revokedAt: IsNull(), ...(ownerId && { ownerId }) });
  }

  /** Oldest first. */
  page(take: number, after: string | null, ownerId?: string): Promise<ApiKey[]> {
    const where: FindOptionsWhere<ApiKey> = {
      revokedAt: IsNull(),
      ...(ownerId && { ownerId }),
      ...(after && { id: MoreThan(after) }),
    };
    return this.database.repository(ApiKey).find({ where, order: { id: 'ASC' }, take });
  }

  async update(id: string, change: Partial<ApiKey>): Promise<void> {
    await this.database.repository(ApiKey).update(id, change);
  }

  /** Puts another secret in the place of this one, which goes on working for a while. */
  async rotate(id: string, secret: { hash: Buffer; hint: string }, graceMinutes: number): Promise<void> {
    await this.database.query(
      `UPDATE api_keys SET previous_hash = hash, previous_until = now() + make_interval(mins => $4), hash = $2, hint = $3
        WHERE id = $1`,
      [id, secret.hash, secret.hint, graceMinutes],
    );
  }

  /** All of one owner, or of the tenant. Gives how many. */
  async revokeAll(ownerId?: string): Promise<number> {
    const revoked = await this.database.query(
      `UPDATE api_keys SET revoked_at = now()
        WHERE revoked_at IS NULL AND ($1::uuid IS NULL OR owner_id = $1) RETURNING 1`,
      [ownerId ?? null],
    );
    return revoked.length;
  }

  /** Once a minute is enough to see whether a key is still in use. */
  async used(id: string): Promise<void> {
    await this.database.query(
      `UPDATE api_keys SET last_used_at = now()
        WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')`,
      [id],
    );
  }
}

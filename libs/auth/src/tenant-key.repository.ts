import { type TenantKeyRow, TenantKeyStore } from '#crypto';
import type { Database } from '#database';
import { TenantKey } from './tenant-key.entity.ts';

/**
 * Wrapped tenant keys in the database, each tenant's behind its own row-level security. A new one is a transaction of
 * its own, so that it outlives whatever its first user rolls back.
 */
export class TenantKeyRepository extends TenantKeyStore {
  private readonly database: Database;

  constructor(database: Database) {
    super();
    this.database = database;
  }

  override current(tenantId: string): Promise<TenantKeyRow | null> {
    return this.database.inTenant(tenantId, async () => {
      const [row] = await this.database.repository(TenantKey).find({ order: { version: 'DESC' }, take: 1 });
      return row ? rowOf(row) : null;
    });
  }

  override find(tenantId: string, version: number): Promise<TenantKeyRow | null> {
    return this.database.inTenant(tenantId, async () => {
      const row = await this.database.repository(TenantKey).findOneBy({ tenantId, version });
      return row ? rowOf(row) : null;
    });
  }

  override async insert({ tenantId, version, key, secret }: TenantKeyRow): Promise<boolean> {
    if (this.database.inTransaction) throw new Error('a key is made outside of transactions, or it goes with them');
    const row = {
      tenantId,
      version,
      rootKeyId: key.keyId,
      keySalt: Buffer.from(key.salt),
      keyWrapped: Buffer.from(key.wrapped),
      keyCommitment: Buffer.from(key.commitment),
      secretSalt: Buffer.from(secret.salt),
      secretWrapped: Buffer.from(secret.wrapped),
      secretCommitment: Buffer.from(secret.commitment),
    };
    return this.database.inTenant(tenantId, async () => {
      const insert = this.database.repository(TenantKey).createQueryBuilder().insert().values(row).orIgnore();
      const { raw } = await insert.returning('version').execute();
      return (raw as unknown[]).length === 1;
    });
  }
}

function rowOf(row: TenantKey): TenantKeyRow {
  return {
    tenantId: row.tenantId,
    version: row.version,
    key: { keyId: row.rootKeyId, salt: row.keySalt, wrapped: row.keyWrapped, commitment: row.keyCommitment },
    secret: { salt: row.secretSalt, wrapped: row.secretWrapped, commitment: row.secretCommitment },
  };
}

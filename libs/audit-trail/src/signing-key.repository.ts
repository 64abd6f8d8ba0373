import { type SigningKeyRow, SigningKeyStore } from '#crypto';
import type { Database } from '#database';
import { AuditSigningKey } from './audit-signing-key.entity.ts';

/** Wrapped signing keys in the database. */
export class SigningKeyRepository extends SigningKeyStore {
  private readonly database: Database;

  constructor(database: Database) {
    super();
    this.database = database;
  }

  override list(): Promise<SigningKeyRow[]> {
    return this.database.withoutTenant({}, async () => {
      const rows = await this.database.repository(AuditSigningKey).find({ order: { number: 'DESC' } });
      return rows.map(rowOf);
    });
  }

  override async insert({ number, publicKey, seed }: SigningKeyRow): Promise<void> {
    const row = {
      number,
      rootKeyId: seed.keyId,
      publicKey: Buffer.from(publicKey),
      seedSalt: Buffer.from(seed.salt),
      seedWrapped: Buffer.from(seed.wrapped),
      seedCommitment: Buffer.from(seed.commitment),
    };
    await this.database.withoutTenant({}, () =>
      this.database.repository(AuditSigningKey).createQueryBuilder().insert().values(row).orIgnore().execute(),
    );
  }
}

function rowOf(row: AuditSigningKey): SigningKeyRow {
  const seed = {
    keyId: row.rootKeyId,
    salt: row.seedSalt,
    wrapped: row.seedWrapped,
    commitment: row.seedCommitment,
  };
  return { number: row.number, publicKey: row.publicKey, seed };
}

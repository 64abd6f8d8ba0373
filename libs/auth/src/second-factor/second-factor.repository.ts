import type { Database } from '#database';
import { SecondFactor } from './second-factor.entity.ts';

/** Each must run inside a transaction of the tenant. */
export class SecondFactorRepository {
  constructor(private readonly database: Database) {}

  find(userId: string): Promise<SecondFactor | null> {
    return this.database.repository(SecondFactor).findOneBy({ userId });
  }

  /** Puts a new, unconfirmed one there; false when there is a confirmed one. */
  async offer(factor: Omit<SecondFactor, 'createdAt' | 'confirmedAt' | 'lastStep'>): Promise<boolean> {
    const { userId, tenantId, tenantKeyVersion, secretSalt, secretWrapped, secretCommitment } = factor;
    const offered = await this.database.query(
      `INSERT INTO second_factors AS f
         (user_id, tenant_id, tenant_key_version, secret_salt, secret_wrapped, secret_commitment, recovery_hashes)
         VALUES ($1, $2, $3, $4, $5, $6, '{}')
         ON CONFLICT (user_id) DO UPDATE SET tenant_key_version = excluded.tenant_key_version,
           secret_salt = excluded.secret_salt, secret_wrapped = excluded.secret_wrapped,
           secret_commitment = excluded.secret_commitment, last_step = 0
         WHERE f.confirmed_at IS NULL RETURNING 1`,
      [userId, tenantId, tenantKeyVersion, secretSalt, secretWrapped, secretCommitment],
    );
    return offered.length > 0;
  }

  /** Takes the code of a time step, once and never again; also not an older one. */
  async useStep(userId: string, step: number): Promise<boolean> {
    const used = await this.database.query(
      `UPDATE second_factors SET last_step = $2 WHERE user_id = $1 AND last_step < $2 RETURNING 1`,
      [userId, step],
    );
    return used.length > 0;
  }

  /** Takes a recovery code, once. */
  async useRecovery(userId: string, hash: Buffer): Promise<boolean> {
    const used = await this.database.query(
      `UPDATE second_factors SET recovery_hashes = array_remove(recovery_hashes, $2::bytea)
        WHERE user_id = $1 AND $2::bytea = ANY (recovery_hashes) RETURNING 1`,
      [userId, hash],
    );
    return used.length > 0;
  }

  async confirm(userId: string, recoveryHashes: Buffer[]): Promise<boolean> {
    const confirmed = await this.database.query(
      `UPDATE second_factors SET confirmed_at = now(), recovery_hashes = $2::bytea[]
        WHERE user_id = $1 AND confirmed_at IS NULL RETURNING 1`,
      [userId, recoveryHashes],
    );
    return confirmed.length > 0;
  }

  async remove(userId: string): Promise<boolean> {
    const { affected } = await this.database.repository(SecondFactor).delete({ userId });
    return affected === 1;
  }
}

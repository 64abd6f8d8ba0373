import type { Database } from '#database';
import { IdempotencyRow } from './idempotency-row.entity.ts';

const KEPT = "interval '24 hours'";
/** Old rows taken away with each new one: more than one, so that they get fewer. */
const SWEPT = 10;

type Name = Pick<IdempotencyRow, 'tenantId' | 'actorId' | 'keyMac'>;

/** Every method runs in the caller's transaction. */
export class IdempotencyRepository {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  /** Waits until no other transaction holds this name; the lock goes with the transaction. */
  async lock({ tenantId, actorId, keyMac }: Name): Promise<void> {
    const name = `${tenantId} ${actorId} ${keyMac.toString('hex')}`;
    await this.database.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [name]);
  }

  find(name: Name): Promise<IdempotencyRow | null> {
    return this.database
      .repository(IdempotencyRow)
      .createQueryBuilder('row')
      .where('row.tenantId = :tenantId AND row.actorId = :actorId AND row.keyMac = :keyMac', name)
      .andWhere('row.expiresAt > now()')
      .getOne();
  }

  /** Keeps an answer in place of one that has expired, and takes some others away that have. */
  async keep({ tenantId, actorId, keyMac, requestMac, answer }: Omit<IdempotencyRow, 'expiresAt'>): Promise<void> {
    await this.database.query(
      `DELETE FROM idempotency_keys WHERE (tenant_id, actor_id, key_mac) IN (
         SELECT tenant_id, actor_id, key_mac FROM idempotency_keys WHERE expires_at <= now() LIMIT ${SWEPT} FOR UPDATE SKIP LOCKED)`,
    );
    await this.database.query(
      `INSERT INTO idempotency_keys (tenant_id, actor_id, key_mac, request_mac, answer, expires_at)
       VALUES ($1, $2, $3, $4, $5, now() + ${KEPT})
       ON CONFLICT ON CONSTRAINT idempotency_keys_pkey
       DO UPDATE SET request_mac = excluded.request_mac, answer = excluded.answer, expires_at = excluded.expires_at`,
      [tenantId, actorId, keyMac, requestMac, answer],
    );
  }
}

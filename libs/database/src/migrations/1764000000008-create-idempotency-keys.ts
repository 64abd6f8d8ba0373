import type { MigrationInterface, QueryRunner } from 'typeorm';
import { secureByTenant } from './tenant-policy.ts';

/** Answers that are given again when a request is. */
export class CreateIdempotencyKeys1764000000008 implements MigrationInterface {
  readonly name = 'CreateIdempotencyKeys1764000000008';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE idempotency_keys (
        tenant_id   uuid        NOT NULL CONSTRAINT idempotency_keys_tenant_id_fkey REFERENCES tenants (id),
        actor_id    uuid        NOT NULL,
        key_mac     bytea       NOT NULL,
        request_mac bytea       NOT NULL,
        answer      bytea       NOT NULL,
        expires_at  timestamptz NOT NULL,
        CONSTRAINT idempotency_keys_pkey PRIMARY KEY (tenant_id, actor_id, key_mac)
      )`);
    await db.query(`CREATE INDEX idempotency_keys_expires_at_idx ON idempotency_keys (expires_at)`);
    await secureByTenant(db, 'idempotency_keys');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE idempotency_keys');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';
import { secureByTenant } from './tenant-policy.ts';

/** Types of personal data that tenants describe themselves, and what they allow. */
export class CreatePiiRules1764000000050 implements MigrationInterface {
  readonly name = 'CreatePiiRules1764000000050';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE pii_custom_types (
        id          uuid        NOT NULL CONSTRAINT pii_custom_types_pkey PRIMARY KEY,
        tenant_id   uuid        NOT NULL CONSTRAINT pii_custom_types_tenant_id_fkey REFERENCES tenants (id),
        name        text        NOT NULL,
        description text        NOT NULL,
        risk        smallint    NOT NULL,
        definition  bytea       NOT NULL,
        version     integer     NOT NULL DEFAULT 1,
        created_by  uuid        NOT NULL,
        created_at  timestamptz NOT NULL DEFAULT now(),
        updated_at  timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pii_custom_types_tenant_id_name_key UNIQUE (tenant_id, name)
      )`);
    await db.query(`
      CREATE TABLE pii_allowed_values (
        id         uuid        NOT NULL CONSTRAINT pii_allowed_values_pkey PRIMARY KEY,
        tenant_id  uuid        NOT NULL CONSTRAINT pii_allowed_values_tenant_id_fkey REFERENCES tenants (id),
        value_mac  bytea,
        type       text,
        dataset_id uuid,
        reason     text        NOT NULL,
        expires_at timestamptz,
        created_by uuid        NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pii_allowed_values_what_check
          CHECK (value_mac IS NOT NULL OR (type IS NOT NULL AND dataset_id IS NOT NULL))
      )`);
    await db.query('CREATE INDEX pii_allowed_values_tenant_id_idx ON pii_allowed_values (tenant_id)');
    await secureByTenant(db, 'pii_custom_types', 'pii_allowed_values');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE pii_allowed_values, pii_custom_types');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';
import { secureByTenant } from './tenant-policy.ts';

/** What tenants do with personal data, under names. */
export class CreateAnonymizationPolicies1764000000052 implements MigrationInterface {
  readonly name = 'CreateAnonymizationPolicies1764000000052';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE anonymization_policies (
        id             uuid        NOT NULL CONSTRAINT anonymization_policies_pkey PRIMARY KEY,
        tenant_id      uuid        NOT NULL CONSTRAINT anonymization_policies_tenant_id_fkey REFERENCES tenants (id),
        name           text        NOT NULL,
        description    text        NOT NULL,
        strategy       text        NOT NULL,
        strategies     jsonb       NOT NULL,
        types          text[],
        extra_types    text[]      NOT NULL,
        min_confidence real,
        version        integer     NOT NULL DEFAULT 1,
        created_by     uuid        NOT NULL,
        created_at     timestamptz NOT NULL DEFAULT now(),
        updated_at     timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT anonymization_policies_tenant_id_name_key UNIQUE (tenant_id, name)
      )`);
    await secureByTenant(db, 'anonymization_policies');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE anonymization_policies');
  }
}

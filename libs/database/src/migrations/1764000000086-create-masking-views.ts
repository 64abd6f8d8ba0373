import type { MigrationInterface, QueryRunner } from 'typeorm';
import { secureByTenant } from './tenant-policy.ts';

/** Under which names tenants read their records without personal data. */
export class CreateMaskingViews1764000000086 implements MigrationInterface {
  readonly name = 'CreateMaskingViews1764000000086';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE masking_views (
        id             uuid        NOT NULL CONSTRAINT masking_views_pkey PRIMARY KEY,
        tenant_id      uuid        NOT NULL CONSTRAINT masking_views_tenant_id_fkey REFERENCES tenants (id),
        name           text        NOT NULL,
        description    text        NOT NULL,
        policy         text        NOT NULL,
        strategy       text        NOT NULL,
        strategies     jsonb       NOT NULL,
        types          text[],
        extra_types    text[]      NOT NULL,
        min_confidence real,
        without        text[]      NOT NULL,
        version        integer     NOT NULL DEFAULT 1,
        created_by     uuid        NOT NULL,
        created_at     timestamptz NOT NULL DEFAULT now(),
        updated_at     timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT masking_views_tenant_id_name_key UNIQUE (tenant_id, name)
      )`);
    await secureByTenant(db, 'masking_views');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE masking_views');
  }
}

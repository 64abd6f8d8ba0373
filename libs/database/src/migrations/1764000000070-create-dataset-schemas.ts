import type { MigrationInterface, QueryRunner } from 'typeorm';
import { secureByTenant } from './tenant-policy.ts';

/** What the records of a dataset must be: a kind, and a JSON Schema in versions. */
export class CreateDatasetSchemas1764000000070 implements MigrationInterface {
  readonly name = 'CreateDatasetSchemas1764000000070';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE datasets
        ADD COLUMN record_kind text NOT NULL DEFAULT 'free'
          CONSTRAINT datasets_record_kind_check
          CHECK (record_kind IN ('free', 'chat', 'completion', 'preference', 'eval', 'text')),
        ADD COLUMN schema_version integer NOT NULL DEFAULT 0`);
    await db.query(`
      CREATE TABLE dataset_schemas (
        tenant_id   uuid        NOT NULL CONSTRAINT dataset_schemas_tenant_id_fkey REFERENCES tenants (id),
        dataset_id  uuid        NOT NULL CONSTRAINT dataset_schemas_dataset_id_fkey REFERENCES datasets (id),
        version     integer     NOT NULL,
        record_kind text        NOT NULL,
        schema      text,
        created_by  uuid        NOT NULL,
        created_at  timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT dataset_schemas_pkey PRIMARY KEY (dataset_id, version)
      )`);
    await secureByTenant(db, 'dataset_schemas');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE dataset_schemas');
    await db.query('ALTER TABLE datasets DROP COLUMN schema_version, DROP COLUMN record_kind');
  }
}

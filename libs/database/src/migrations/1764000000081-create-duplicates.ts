import type { MigrationInterface, QueryRunner } from 'typeorm';
import { secureByTenant } from './tenant-policy.ts';

/** What the latest search for duplicates in a dataset found: ids of records, and how alike they are. */
export class CreateDuplicates1764000000081 implements MigrationInterface {
  readonly name = 'CreateDuplicates1764000000081';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE duplicate_searches (
        id         uuid        NOT NULL CONSTRAINT duplicate_searches_pkey PRIMARY KEY,
        tenant_id  uuid        NOT NULL,
        dataset_id uuid        NOT NULL CONSTRAINT duplicate_searches_dataset_id_fkey REFERENCES datasets (id),
        commit_id  uuid        NOT NULL,
        options    jsonb       NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
      )`);
    await db.query('CREATE INDEX duplicate_searches_dataset_id_idx ON duplicate_searches (dataset_id)');
    await db.query(`
      CREATE TABLE duplicates (
        id         uuid    NOT NULL CONSTRAINT duplicates_pkey PRIMARY KEY,
        tenant_id  uuid    NOT NULL,
        search_id  uuid    NOT NULL CONSTRAINT duplicates_search_id_fkey REFERENCES duplicate_searches (id),
        record_id  uuid    NOT NULL,
        kept_id    uuid    NOT NULL,
        exact      boolean NOT NULL,
        similarity real    NOT NULL
      )`);
    await db.query('CREATE INDEX duplicates_search_id_id_idx ON duplicates (search_id, id)');
    await secureByTenant(db, 'duplicate_searches', 'duplicates');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE duplicates, duplicate_searches');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';
import { secureByTenant } from './tenant-policy.ts';

/** What records say, as keyed hashes, of datasets whose gates look for what comes again; and how far that is for those. */
export class CreateContentHashes1764000000074 implements MigrationInterface {
  readonly name = 'CreateContentHashes1764000000074';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE content_hashes (
        tenant_id  uuid  NOT NULL,
        dataset_id uuid  NOT NULL,
        record_id  uuid  NOT NULL,
        leaf       bytea NOT NULL,
        hash       bytea NOT NULL,
        CONSTRAINT content_hashes_pkey PRIMARY KEY (dataset_id, record_id, leaf)
      )`);
    await db.query(
      'CREATE INDEX content_hashes_dataset_id_hash_record_id_idx ON content_hashes (dataset_id, hash, record_id)',
    );
    await db.query(`
      CREATE TABLE content_hashings (
        dataset_id   uuid NOT NULL CONSTRAINT content_hashings_pkey PRIMARY KEY,
        tenant_id    uuid NOT NULL,
        job_id       uuid NOT NULL,
        completed_at timestamptz
      )`);
    await secureByTenant(db, 'content_hashes', 'content_hashings');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE content_hashings, content_hashes');
  }
}

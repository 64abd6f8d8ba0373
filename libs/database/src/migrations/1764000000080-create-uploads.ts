import type { MigrationInterface, QueryRunner } from 'typeorm';
import { secureByTenant } from './tenant-policy.ts';

/**
 * Files that come in parts. Sessions and parts are of one place and time, with the key their parts are sealed under;
 * which file became which commit is remembered beyond them.
 */
export class CreateUploads1764000000080 implements MigrationInterface {
  readonly name = 'CreateUploads1764000000080';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE uploads (
        id                 uuid        NOT NULL CONSTRAINT uploads_pkey PRIMARY KEY,
        tenant_id          uuid        NOT NULL CONSTRAINT uploads_tenant_id_fkey REFERENCES tenants (id),
        dataset_id         uuid        NOT NULL CONSTRAINT uploads_dataset_id_fkey REFERENCES datasets (id),
        name               text        NOT NULL,
        size               bigint,
        content_type       text        NOT NULL,
        content_encoding   text,
        options            jsonb       NOT NULL,
        state              text        NOT NULL
          CONSTRAINT uploads_state_check CHECK (state IN ('open', 'importing', 'completed')),
        job_id             uuid,
        import_id          uuid,
        commit_id          uuid,
        tenant_key_version integer,
        key_salt           bytea,
        key_wrapped        bytea,
        key_commitment     bytea,
        expires_at         timestamptz NOT NULL,
        created_by         uuid        NOT NULL,
        created_at         timestamptz NOT NULL DEFAULT now()
      )`);
    await db.query('CREATE INDEX uploads_dataset_id_idx ON uploads (dataset_id)');
    await db.query('CREATE INDEX uploads_expires_at_idx ON uploads (expires_at)');
    await db.query(`
      CREATE TABLE upload_parts (
        upload_id    uuid    NOT NULL CONSTRAINT upload_parts_upload_id_fkey REFERENCES uploads (id),
        number       integer NOT NULL,
        tenant_id    uuid    NOT NULL,
        object       text    NOT NULL,
        bytes        integer NOT NULL,
        sealed_bytes integer NOT NULL,
        digest       bytea   NOT NULL,
        CONSTRAINT upload_parts_pkey PRIMARY KEY (upload_id, number)
      )`);
    await db.query(`
      CREATE TABLE uploaded_files (
        dataset_id  uuid        NOT NULL CONSTRAINT uploaded_files_dataset_id_fkey REFERENCES datasets (id),
        fingerprint bytea       NOT NULL,
        tenant_id   uuid        NOT NULL,
        import_id   uuid        NOT NULL,
        commit_id   uuid        NOT NULL,
        created_at  timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT uploaded_files_pkey PRIMARY KEY (dataset_id, fingerprint)
      )`);
    await secureByTenant(db, 'uploads', 'upload_parts', 'uploaded_files');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE uploaded_files, upload_parts, uploads');
  }
}

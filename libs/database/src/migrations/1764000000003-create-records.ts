import type { MigrationInterface, QueryRunner } from 'typeorm';
import { secureByTenant } from './tenant-policy.ts';

/**
 * Segments, and the rows that say which record version lies where in them. The two bulk tables carry no foreign
 * keys: they are written by COPY, millions of rows at a time, only ever together with the rows they name.
 */
export class CreateRecords1764000000003 implements MigrationInterface {
  readonly name = 'CreateRecords1764000000003';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE segments (
        id                 uuid        NOT NULL CONSTRAINT segments_pkey PRIMARY KEY,
        tenant_id          uuid        NOT NULL CONSTRAINT segments_tenant_id_fkey REFERENCES tenants (id),
        dataset_id         uuid        NOT NULL CONSTRAINT segments_dataset_id_fkey REFERENCES datasets (id),
        commit_id          uuid        NOT NULL CONSTRAINT segments_commit_id_fkey REFERENCES commits (id),
        format_version     smallint    NOT NULL,
        tenant_key_version integer     NOT NULL,
        key_salt           bytea       NOT NULL,
        key_wrapped        bytea       NOT NULL,
        key_commitment     bytea       NOT NULL,
        nonce_prefix       bytea       NOT NULL,
        block_offsets      integer[]   NOT NULL,
        records            integer     NOT NULL,
        plain_bytes        integer     NOT NULL,
        sealed_bytes       integer     NOT NULL,
        created_at         timestamptz NOT NULL DEFAULT now()
      )`);
    await db.query(`CREATE INDEX segments_commit_id_idx ON segments (commit_id)`);
    await db.query(`CREATE INDEX segments_dataset_id_idx ON segments (dataset_id)`);
    await db.query(`
      CREATE TABLE record_versions (
        tenant_id  uuid     NOT NULL,
        dataset_id uuid     NOT NULL,
        branch_id  uuid     NOT NULL,
        record_id  uuid     NOT NULL,
        from_seq   bigint   NOT NULL,
        to_seq     bigint,
        segment_id uuid     NOT NULL,
        block      integer  NOT NULL,
        position   integer  NOT NULL,
        bytes      integer  NOT NULL,
        risk       smallint NOT NULL,
        leaf       bytea    NOT NULL,
        CONSTRAINT record_versions_pkey PRIMARY KEY (branch_id, record_id, from_seq)
      )`);
    await db.query(`
      CREATE TABLE findings (
        tenant_id    uuid     NOT NULL,
        dataset_id   uuid     NOT NULL,
        branch_id    uuid     NOT NULL,
        record_id    uuid     NOT NULL,
        from_seq     bigint   NOT NULL,
        ordinal      integer  NOT NULL,
        type         text     NOT NULL,
        risk         smallint NOT NULL,
        path         text     NOT NULL,
        start_offset integer  NOT NULL,
        end_offset   integer  NOT NULL,
        confidence   real     NOT NULL,
        detector     text     NOT NULL,
        rule_version integer  NOT NULL,
        subject      bytea,
        CONSTRAINT findings_pkey PRIMARY KEY (branch_id, record_id, from_seq, ordinal)
      )`);
    await db.query(`CREATE INDEX findings_subject_idx ON findings (tenant_id, subject) WHERE subject IS NOT NULL`);
    await db.query(`
      CREATE TABLE imports (
        id               uuid        NOT NULL CONSTRAINT imports_pkey PRIMARY KEY,
        tenant_id        uuid        NOT NULL CONSTRAINT imports_tenant_id_fkey REFERENCES tenants (id),
        dataset_id       uuid        NOT NULL CONSTRAINT imports_dataset_id_fkey REFERENCES datasets (id),
        commit_id        uuid        NOT NULL CONSTRAINT imports_commit_id_fkey REFERENCES commits (id),
        state            text        NOT NULL
          CONSTRAINT imports_state_check CHECK (state IN ('running', 'completed', 'completed_with_errors', 'failed')),
        records          bigint      NOT NULL DEFAULT 0,
        rejected         bigint      NOT NULL DEFAULT 0,
        bytes            bigint      NOT NULL DEFAULT 0,
        findings_by_type jsonb       NOT NULL DEFAULT '{}',
        failure          text,
        first_record_id  uuid        NOT NULL,
        last_record_id   uuid        NOT NULL,
        lease_until      timestamptz NOT NULL,
        created_by       uuid        NOT NULL,
        created_at       timestamptz NOT NULL DEFAULT now(),
        finished_at      timestamptz
      )`);
    await db.query(`CREATE INDEX imports_lease_until_idx ON imports (lease_until) WHERE state = 'running'`);
    await db.query(`
      CREATE TABLE import_errors (
        import_id uuid   NOT NULL CONSTRAINT import_errors_import_id_fkey REFERENCES imports (id),
        line      bigint NOT NULL,
        tenant_id uuid   NOT NULL,
        reason    text   NOT NULL,
        CONSTRAINT import_errors_pkey PRIMARY KEY (import_id, line)
      )`);
    await secureByTenant(db, 'segments', 'record_versions', 'findings', 'imports', 'import_errors');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE import_errors, imports, findings, record_versions, segments');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';
import { secureByTenant } from './tenant-policy.ts';

const APPEND_ONLY = ['audit_entries', 'audit_checkpoints', 'audit_signing_keys'];

/** The chain that makes the audit tamper-evident. It stands beside the events, which are never touched again. */
export class CreateAuditChain1764000000005 implements MigrationInterface {
  readonly name = 'CreateAuditChain1764000000005';

  async up(db: QueryRunner): Promise<void> {
    // Transactions become visible in another order than they began in. With its transaction's number in each row, the
    // sealer knows below which number nothing can come any more.
    await db.query(`
      CREATE FUNCTION vault_xid() RETURNS bigint LANGUAGE sql STABLE
        AS $$ SELECT pg_current_xact_id()::text::bigint $$`);
    await db.query(`ALTER TABLE audit_events ADD COLUMN xid bigint NOT NULL DEFAULT vault_xid()`);
    await db.query(`CREATE INDEX audit_events_tenant_id_xid_idx ON audit_events (tenant_id, xid)`);
    // Who touched this dataset or this record?
    await db.query(`CREATE INDEX audit_events_tenant_id_resource_at_idx ON audit_events (tenant_id, resource, at)`);
    // No foreign key to the events: it would write to each of them once more, and they cannot be taken away anyhow.
    await db.query(`
      CREATE TABLE audit_entries (
        tenant_id uuid        NOT NULL CONSTRAINT audit_entries_tenant_id_fkey REFERENCES tenants (id),
        seq       bigint      NOT NULL,
        event_id  uuid        NOT NULL CONSTRAINT audit_entries_event_id_key UNIQUE,
        prev      bytea       NOT NULL,
        hash      bytea       NOT NULL,
        mac       bytea       NOT NULL,
        horizon   bigint      NOT NULL,
        sealed_at timestamptz NOT NULL,
        CONSTRAINT audit_entries_pkey PRIMARY KEY (tenant_id, seq),
        CONSTRAINT audit_entries_tenant_id_prev_key UNIQUE (tenant_id, prev)
      )`);
    await db.query(`CREATE INDEX audit_entries_tenant_id_sealed_at_idx ON audit_entries (tenant_id, sealed_at)`);
    await db.query(`
      CREATE TABLE audit_checkpoints (
        tenant_id uuid        NOT NULL CONSTRAINT audit_checkpoints_tenant_id_fkey REFERENCES tenants (id),
        number    integer     NOT NULL,
        count     bigint      NOT NULL,
        head      bytea       NOT NULL,
        at        timestamptz NOT NULL,
        previous  bytea       NOT NULL,
        key_id    text        NOT NULL,
        signature bytea       NOT NULL,
        CONSTRAINT audit_checkpoints_pkey PRIMARY KEY (tenant_id, number),
        CONSTRAINT audit_checkpoints_tenant_id_previous_key UNIQUE (tenant_id, previous)
      )`);
    // The vault's, not a tenant's. A key that gets under another root key is one more row, not another one.
    await db.query(`
      CREATE TABLE audit_signing_keys (
        number          integer     NOT NULL,
        root_key_id     text        NOT NULL,
        public_key      bytea       NOT NULL,
        seed_salt       bytea       NOT NULL,
        seed_wrapped    bytea       NOT NULL,
        seed_commitment bytea       NOT NULL,
        created_at      timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT audit_signing_keys_pkey PRIMARY KEY (number, root_key_id)
      )`);
    for (const table of APPEND_ONLY) {
      await db.query(`
        CREATE TRIGGER ${table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ${table}
          FOR EACH STATEMENT EXECUTE FUNCTION audit_events_append_only()`);
    }
    await secureByTenant(db, 'audit_entries', 'audit_checkpoints');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`DROP TABLE audit_signing_keys, audit_checkpoints, audit_entries`);
    await db.query(`DROP INDEX audit_events_tenant_id_resource_at_idx, audit_events_tenant_id_xid_idx`);
    await db.query(`ALTER TABLE audit_events DROP COLUMN xid`);
    await db.query(`DROP FUNCTION vault_xid()`);
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';
import { secureByTenant } from './tenant-policy.ts';

/** What was done, what is to be done, and what is to be told. */
export class CreateAuditAndJobs1764000000004 implements MigrationInterface {
  readonly name = 'CreateAuditAndJobs1764000000004';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE audit_events (
        id         uuid        NOT NULL CONSTRAINT audit_events_pkey PRIMARY KEY,
        tenant_id  uuid        NOT NULL CONSTRAINT audit_events_tenant_id_fkey REFERENCES tenants (id),
        at         timestamptz NOT NULL DEFAULT clock_timestamp(),
        actor_id   uuid,
        action     text        NOT NULL,
        resource   text        NOT NULL,
        result     text        NOT NULL CONSTRAINT audit_events_result_check CHECK (result IN ('allowed', 'denied', 'failed')),
        reason     text,
        request_id text,
        ip         text,
        details    jsonb       NOT NULL DEFAULT '{}'
      )`);
    await db.query(`CREATE INDEX audit_events_tenant_id_at_idx ON audit_events (tenant_id, at)`);
    // The server's role has no right to change these rows. Where the server is the owner itself, this holds it.
    await db.query(`
      CREATE FUNCTION audit_events_append_only() RETURNS trigger LANGUAGE plpgsql
        AS $$ BEGIN RAISE EXCEPTION 'audit events are append-only' USING ERRCODE = 'insufficient_privilege'; END $$`);
    await db.query(`
      CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_events
        FOR EACH STATEMENT EXECUTE FUNCTION audit_events_append_only()`);
    await db.query(`
      CREATE TABLE outbox_events (
        id         uuid        NOT NULL CONSTRAINT outbox_events_pkey PRIMARY KEY,
        tenant_id  uuid        NOT NULL CONSTRAINT outbox_events_tenant_id_fkey REFERENCES tenants (id),
        topic      text        NOT NULL,
        payload    jsonb       NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
      )`);
    await db.query(`CREATE INDEX outbox_events_created_at_idx ON outbox_events (created_at)`);
    await db.query(`
      CREATE TABLE jobs (
        id          uuid        NOT NULL CONSTRAINT jobs_pkey PRIMARY KEY,
        tenant_id   uuid        NOT NULL CONSTRAINT jobs_tenant_id_fkey REFERENCES tenants (id),
        kind        text        NOT NULL,
        state       text        NOT NULL
          CONSTRAINT jobs_state_check CHECK (state IN ('queued', 'running', 'completed', 'failed', 'cancelled')),
        parameters  jsonb       NOT NULL,
        done        bigint      NOT NULL DEFAULT 0,
        total       bigint,
        result      jsonb,
        failure     text,
        created_by  uuid        NOT NULL,
        created_at  timestamptz NOT NULL DEFAULT now(),
        started_at  timestamptz,
        finished_at timestamptz
      )`);
    await db.query(`CREATE INDEX jobs_tenant_id_created_at_idx ON jobs (tenant_id, created_at)`);
    await secureByTenant(db, 'audit_events', 'outbox_events', 'jobs');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE jobs, outbox_events, audit_events');
    await db.query('DROP FUNCTION audit_events_append_only()');
  }
}

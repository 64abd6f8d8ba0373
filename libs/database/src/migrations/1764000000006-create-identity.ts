import type { MigrationInterface, QueryRunner } from 'typeorm';
import { secureByTenant } from './tenant-policy.ts';

/** What was presented before a tenant is known: SHA-256 of a token, in hex. It opens the one row that has it. */
const PRESENTED = `decode(nullif(current_setting('vault.presented', true), ''), 'hex')`;

/** Sessions, API keys, invitations, second factors, and how often somebody guessed. */
export class CreateIdentity1764000000006 implements MigrationInterface {
  readonly name = 'CreateIdentity1764000000006';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE users
        ALTER COLUMN password_hash DROP NOT NULL,
        ADD COLUMN locked_at         timestamptz,
        ADD COLUMN invite_hash       bytea CONSTRAINT users_invite_hash_key UNIQUE,
        ADD COLUMN invite_expires_at timestamptz`);
    await this.createSessions(db);
    await this.createKeys(db);
    // One number for each tenant, raised by whatever takes a right away: servers look at it every second.
    await db.query(`
      CREATE TABLE access_epochs (
        tenant_id uuid   NOT NULL CONSTRAINT access_epochs_pkey PRIMARY KEY
          CONSTRAINT access_epochs_tenant_id_fkey REFERENCES tenants (id),
        epoch     bigint NOT NULL
      )`);
    await secureByTenant(db, 'sessions', 'refresh_tokens', 'api_keys', 'second_factors', 'access_epochs');
    await db.query(`CREATE POLICY users_invited ON users FOR SELECT USING (invite_hash = ${PRESENTED})`);
    await db.query(`CREATE POLICY refresh_tokens_presented ON refresh_tokens FOR SELECT USING (hash = ${PRESENTED})`);
    await db.query(`
      CREATE POLICY api_keys_presented ON api_keys FOR SELECT USING (hash = ${PRESENTED} OR previous_hash = ${PRESENTED})`);
    await this.createFailures(db);
  }

  private async createSessions(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE sessions (
        id              uuid        NOT NULL CONSTRAINT sessions_pkey PRIMARY KEY,
        tenant_id       uuid        NOT NULL CONSTRAINT sessions_tenant_id_fkey REFERENCES tenants (id),
        user_id         uuid        NOT NULL CONSTRAINT sessions_user_id_fkey REFERENCES users (id),
        method          text        NOT NULL,
        ip              text,
        user_agent      text,
        created_at      timestamptz NOT NULL DEFAULT now(),
        last_used_at    timestamptz NOT NULL DEFAULT now(),
        expires_at      timestamptz NOT NULL,
        revoked_at      timestamptz,
        revoked_because text
      )`);
    await db.query(`CREATE INDEX sessions_user_id_idx ON sessions (user_id)`);
    await db.query(`
      CREATE TABLE refresh_tokens (
        hash       bytea       NOT NULL CONSTRAINT refresh_tokens_pkey PRIMARY KEY,
        tenant_id  uuid        NOT NULL CONSTRAINT refresh_tokens_tenant_id_fkey REFERENCES tenants (id),
        session_id uuid        NOT NULL CONSTRAINT refresh_tokens_session_id_fkey REFERENCES sessions (id),
        key_id     text        NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL,
        used_at    timestamptz
      )`);
    await db.query(`CREATE INDEX refresh_tokens_session_id_idx ON refresh_tokens (session_id)`);
  }

  private async createKeys(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE api_keys (
        id             uuid        NOT NULL CONSTRAINT api_keys_pkey PRIMARY KEY,
        tenant_id      uuid        NOT NULL CONSTRAINT api_keys_tenant_id_fkey REFERENCES tenants (id),
        owner_id       uuid        NOT NULL CONSTRAINT api_keys_owner_id_fkey REFERENCES users (id),
        name           text        NOT NULL,
        hint           text        NOT NULL,
        hash           bytea       NOT NULL CONSTRAINT api_keys_hash_key UNIQUE,
        previous_hash  bytea       CONSTRAINT api_keys_previous_hash_key UNIQUE,
        previous_until timestamptz,
        scopes         text[]      NOT NULL,
        dataset_ids    uuid[],
        networks       text[]      NOT NULL,
        expires_at     timestamptz,
        last_used_at   timestamptz,
        revoked_at     timestamptz,
        created_at     timestamptz NOT NULL DEFAULT now()
      )`);
    await db.query(`CREATE INDEX api_keys_owner_id_idx ON api_keys (owner_id)`);
    await db.query(`
      CREATE TABLE second_factors (
        user_id            uuid        NOT NULL CONSTRAINT second_factors_pkey PRIMARY KEY
          CONSTRAINT second_factors_user_id_fkey REFERENCES users (id),
        tenant_id          uuid        NOT NULL CONSTRAINT second_factors_tenant_id_fkey REFERENCES tenants (id),
        tenant_key_version integer     NOT NULL,
        secret_salt        bytea       NOT NULL,
        secret_wrapped     bytea       NOT NULL,
        secret_commitment  bytea       NOT NULL,
        recovery_hashes    bytea[]     NOT NULL,
        last_step          bigint      NOT NULL DEFAULT 0,
        confirmed_at       timestamptz,
        created_at         timestamptz NOT NULL DEFAULT now()
      )`);
  }

  /** Of no tenant: it counts for addresses nobody has, too. A row opens to who names it, and when it is long forgotten. */
  private async createFailures(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE sign_in_failures (
        identity      bytea       NOT NULL CONSTRAINT sign_in_failures_pkey PRIMARY KEY,
        failures      integer     NOT NULL,
        last_at       timestamptz NOT NULL,
        blocked_until timestamptz NOT NULL
      )`);
    await db.query(`CREATE INDEX sign_in_failures_last_at_idx ON sign_in_failures (last_at)`);
    await db.query(`ALTER TABLE sign_in_failures ENABLE ROW LEVEL SECURITY`);
    await db.query(`
      CREATE POLICY sign_in_failures_own ON sign_in_failures USING (identity = ${PRESENTED}) WITH CHECK (identity = ${PRESENTED})`);
    await db.query(`
      CREATE POLICY sign_in_failures_old ON sign_in_failures
        USING (last_at < now() - interval '90 days') WITH CHECK (false)`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE sign_in_failures, access_epochs, second_factors, api_keys, refresh_tokens, sessions');
    await db.query('DROP POLICY users_invited ON users');
    // Where the policies are forced on the owner it would see none of the rows.
    await db.query('ALTER TABLE users NO FORCE ROW LEVEL SECURITY');
    await db.query('DELETE FROM users WHERE password_hash IS NULL');
    await db.query(`
      ALTER TABLE users
        ALTER COLUMN password_hash SET NOT NULL,
        DROP COLUMN locked_at, DROP COLUMN invite_hash, DROP COLUMN invite_expires_at`);
  }
}

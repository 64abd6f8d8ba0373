import type { MigrationInterface, QueryRunner } from 'typeorm';
import { secureByTenant } from './tenant-policy.ts';

/** Tenants, their keys, their users, and the setting row-level security reads. */
export class CreateTenants1764000000001 implements MigrationInterface {
  readonly name = 'CreateTenants1764000000001';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE FUNCTION vault_tenant() RETURNS uuid LANGUAGE sql STABLE
        AS $$ SELECT nullif(current_setting('vault.tenant', true), '')::uuid $$`);
    await db.query(`
      CREATE TABLE tenants (
        id         uuid        NOT NULL CONSTRAINT tenants_pkey PRIMARY KEY,
        slug       text        NOT NULL CONSTRAINT tenants_slug_key UNIQUE,
        name       text        NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
      )`);
    // Background work goes from tenant to tenant: it may read who there is, and nothing of theirs.
    await db.query(`ALTER TABLE tenants ENABLE ROW LEVEL SECURITY`);
    await db.query(`
      CREATE POLICY tenants_tenant ON tenants USING (id = (SELECT vault_tenant())) WITH CHECK (id = (SELECT vault_tenant()))`);
    await db.query(`
      CREATE POLICY tenants_roll ON tenants FOR SELECT USING (current_setting('vault.roll_call', true) = 'on')`);
    await db.query(`
      CREATE TABLE root_key_checks (
        key_id     text        NOT NULL CONSTRAINT root_key_checks_pkey PRIMARY KEY,
        answer     bytea       NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
      )`);
    await db.query(`
      CREATE TABLE tenant_keys (
        tenant_id         uuid        NOT NULL CONSTRAINT tenant_keys_tenant_id_fkey REFERENCES tenants (id),
        version           integer     NOT NULL,
        root_key_id       text        NOT NULL,
        key_salt          bytea       NOT NULL,
        key_wrapped       bytea       NOT NULL,
        key_commitment    bytea       NOT NULL,
        secret_salt       bytea       NOT NULL,
        secret_wrapped    bytea       NOT NULL,
        secret_commitment bytea       NOT NULL,
        created_at        timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT tenant_keys_pkey PRIMARY KEY (tenant_id, version)
      )`);
    await db.query(`
      CREATE TABLE users (
        id            uuid        NOT NULL CONSTRAINT users_pkey PRIMARY KEY,
        tenant_id     uuid        NOT NULL CONSTRAINT users_tenant_id_fkey REFERENCES tenants (id),
        email         text        NOT NULL CONSTRAINT users_email_key UNIQUE,
        password_hash text        NOT NULL,
        roles         text[]      NOT NULL,
        disabled_at   timestamptz,
        created_at    timestamptz NOT NULL DEFAULT now()
      )`);
    await secureByTenant(db, 'tenant_keys', 'users');
    // Before sign-in nobody's tenant is known: one row opens to the one who names its exact address.
    await db.query(`
      CREATE POLICY users_sign_in ON users FOR SELECT
        USING (email = nullif(current_setting('vault.sign_in', true), ''))`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE users, tenant_keys, root_key_checks, tenants');
    await db.query('DROP FUNCTION vault_tenant()');
  }
}

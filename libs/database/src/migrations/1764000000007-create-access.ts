import type { MigrationInterface, QueryRunner } from 'typeorm';
import { secureByTenant } from './tenant-policy.ts';

/** Roles, grants, how guarded a dataset is, and who may come from another issuer. */
export class CreateAccess1764000000007 implements MigrationInterface {
  readonly name = 'CreateAccess1764000000007';

  async up(db: QueryRunner): Promise<void> {
    // What is there already was looked at by nobody in this respect.
    await db.query(`
      ALTER TABLE datasets ADD COLUMN classification text NOT NULL DEFAULT 'confidential'
        CONSTRAINT datasets_classification_check
          CHECK (classification IN ('public', 'internal', 'confidential', 'restricted'))`);
    await this.createRoles(db);
    await this.createGrants(db);
    await this.createIssuers(db);
    await secureByTenant(db, 'roles', 'temporary_roles', 'dataset_grants', 'external_identities', 'workloads');
    // A program names its row before anybody knows which tenant that is in.
    await db.query(`
      CREATE POLICY workloads_named ON workloads FOR SELECT
        USING (id = nullif(current_setting('vault.workload', true), '')::uuid)`);
  }

  private async createRoles(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE roles (
        id          uuid        NOT NULL CONSTRAINT roles_pkey PRIMARY KEY,
        tenant_id   uuid        NOT NULL CONSTRAINT roles_tenant_id_fkey REFERENCES tenants (id),
        name        text        NOT NULL,
        description text        NOT NULL,
        effect      text        NOT NULL CONSTRAINT roles_effect_check CHECK (effect IN ('allow', 'deny')),
        permissions text[]      NOT NULL,
        conditions  jsonb       NOT NULL,
        version     integer     NOT NULL DEFAULT 1,
        created_at  timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT roles_tenant_id_name_key UNIQUE (tenant_id, name)
      )`);
    await db.query(`
      CREATE TABLE temporary_roles (
        user_id    uuid        NOT NULL CONSTRAINT temporary_roles_user_id_fkey REFERENCES users (id),
        role       text        NOT NULL,
        tenant_id  uuid        NOT NULL CONSTRAINT temporary_roles_tenant_id_fkey REFERENCES tenants (id),
        expires_at timestamptz NOT NULL,
        given_by   uuid        NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT temporary_roles_pkey PRIMARY KEY (user_id, role)
      )`);
  }

  private async createGrants(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE dataset_grants (
        id          uuid        NOT NULL CONSTRAINT dataset_grants_pkey PRIMARY KEY,
        tenant_id   uuid        NOT NULL CONSTRAINT dataset_grants_tenant_id_fkey REFERENCES tenants (id),
        dataset_id  uuid        NOT NULL,
        user_id     uuid        CONSTRAINT dataset_grants_user_id_fkey REFERENCES users (id),
        role        text,
        effect      text        NOT NULL CONSTRAINT dataset_grants_effect_check CHECK (effect IN ('allow', 'deny')),
        permissions text[]      NOT NULL,
        conditions  jsonb       NOT NULL,
        expires_at  timestamptz,
        created_by  uuid        NOT NULL,
        created_at  timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT dataset_grants_holder_check CHECK ((user_id IS NULL) <> (role IS NULL))
      )`);
    await db.query(`CREATE INDEX dataset_grants_dataset_id_idx ON dataset_grants (dataset_id)`);
    await db.query(`CREATE INDEX dataset_grants_user_id_idx ON dataset_grants (user_id)`);
    await db.query(`CREATE INDEX dataset_grants_tenant_id_role_idx ON dataset_grants (tenant_id, role)`);
  }

  private async createIssuers(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE external_identities (
        tenant_id  uuid        NOT NULL CONSTRAINT external_identities_tenant_id_fkey REFERENCES tenants (id),
        issuer     text        NOT NULL,
        subject    text        NOT NULL,
        user_id    uuid        NOT NULL CONSTRAINT external_identities_user_id_fkey REFERENCES users (id),
        made_user  boolean     NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT external_identities_pkey PRIMARY KEY (tenant_id, issuer, subject)
      )`);
    await db.query(`CREATE INDEX external_identities_user_id_idx ON external_identities (user_id)`);
    await db.query(`
      CREATE TABLE workloads (
        id         uuid        NOT NULL CONSTRAINT workloads_pkey PRIMARY KEY,
        tenant_id  uuid        NOT NULL CONSTRAINT workloads_tenant_id_fkey REFERENCES tenants (id),
        user_id    uuid        NOT NULL CONSTRAINT workloads_user_id_fkey REFERENCES users (id),
        name       text        NOT NULL,
        issuer     text        NOT NULL,
        audience   text        NOT NULL,
        claims     jsonb       NOT NULL,
        purpose    text,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT workloads_tenant_id_name_key UNIQUE (tenant_id, name)
      )`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE workloads, external_identities, dataset_grants, temporary_roles, roles');
    await db.query('ALTER TABLE datasets DROP COLUMN classification');
  }
}

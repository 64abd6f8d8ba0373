import type { MigrationInterface, QueryRunner } from 'typeorm';
import { secureByTenant } from './tenant-policy.ts';

/** Branches that begin at a commit of another, can be given up and protected; and names for commits that do not move. */
export class CreateForksAndTags1764000000041 implements MigrationInterface {
  readonly name = 'CreateForksAndTags1764000000041';

  async up(db: QueryRunner): Promise<void> {
    // A branch that was given up keeps its row for the commits on it, and lets go of its name.
    await db.query(`
      ALTER TABLE branches
        ALTER COLUMN name DROP NOT NULL,
        ADD COLUMN base         jsonb   NOT NULL DEFAULT '[]',
        ADD COLUMN is_protected boolean NOT NULL DEFAULT false`);
    await db.query(`CREATE INDEX commits_branch_id_published_at_idx ON commits (branch_id, published_at)`);
    await db.query(
      `CREATE INDEX commits_branch_id_merges_idx ON commits (branch_id) WHERE cardinality(parent_ids) > 1`,
    );
    await db.query(`
      CREATE TABLE tags (
        id         uuid        NOT NULL CONSTRAINT tags_pkey PRIMARY KEY,
        tenant_id  uuid        NOT NULL CONSTRAINT tags_tenant_id_fkey REFERENCES tenants (id),
        dataset_id uuid        NOT NULL CONSTRAINT tags_dataset_id_fkey REFERENCES datasets (id),
        name       text        NOT NULL,
        commit_id  uuid        NOT NULL CONSTRAINT tags_commit_id_fkey REFERENCES commits (id),
        message    text        NOT NULL,
        created_by uuid        NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT tags_dataset_id_name_key UNIQUE (dataset_id, name)
      )`);
    await secureByTenant(db, 'tags');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE tags');
    await db.query('DROP INDEX commits_branch_id_published_at_idx, commits_branch_id_merges_idx');
    await db.query(`UPDATE branches SET name = 'given up ' || id WHERE name IS NULL`);
    await db.query('ALTER TABLE branches ALTER COLUMN name SET NOT NULL, DROP COLUMN base, DROP COLUMN is_protected');
  }
}

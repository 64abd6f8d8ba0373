import type { MigrationInterface, QueryRunner } from 'typeorm';
import { secureByTenant } from './tenant-policy.ts';

/** Datasets, branches, commits, and where a dataset came from. */
export class CreateDatasets1764000000002 implements MigrationInterface {
  readonly name = 'CreateDatasets1764000000002';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE datasets (
        id             uuid        NOT NULL CONSTRAINT datasets_pkey PRIMARY KEY,
        tenant_id      uuid        NOT NULL CONSTRAINT datasets_tenant_id_fkey REFERENCES tenants (id),
        name           text        NOT NULL,
        description    text        NOT NULL DEFAULT '',
        default_branch text        NOT NULL DEFAULT 'main',
        version        integer     NOT NULL DEFAULT 1,
        created_by     uuid        NOT NULL,
        created_at     timestamptz NOT NULL DEFAULT now(),
        updated_at     timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT datasets_tenant_id_name_key UNIQUE (tenant_id, name)
      )`);
    await db.query(`
      CREATE TABLE branches (
        id             uuid        NOT NULL CONSTRAINT branches_pkey PRIMARY KEY,
        tenant_id      uuid        NOT NULL CONSTRAINT branches_tenant_id_fkey REFERENCES tenants (id),
        dataset_id     uuid        NOT NULL CONSTRAINT branches_dataset_id_fkey REFERENCES datasets (id),
        name           text        NOT NULL,
        head_commit_id uuid        NOT NULL,
        next_seq       bigint      NOT NULL,
        created_at     timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT branches_dataset_id_name_key UNIQUE (dataset_id, name)
      )`);
    // A commit takes its seq when it begins and its place in history when it is published. What is visible at a
    // commit are the seqs up to visible_seq without hidden_seqs, which were still staged or given up at that time.
    await db.query(`
      CREATE TABLE commits (
        id           uuid        NOT NULL CONSTRAINT commits_pkey PRIMARY KEY,
        tenant_id    uuid        NOT NULL CONSTRAINT commits_tenant_id_fkey REFERENCES tenants (id),
        dataset_id   uuid        NOT NULL CONSTRAINT commits_dataset_id_fkey REFERENCES datasets (id),
        branch_id    uuid        NOT NULL CONSTRAINT commits_branch_id_fkey REFERENCES branches (id),
        seq          bigint      NOT NULL,
        state        text        NOT NULL CONSTRAINT commits_state_check CHECK (state IN ('staged', 'published', 'abandoned')),
        parent_ids   uuid[]      NOT NULL,
        author_id    uuid        NOT NULL,
        message      text        NOT NULL,
        visible_seq  bigint,
        hidden_seqs  bigint[]    NOT NULL DEFAULT '{}',
        merkle_root  bytea,
        hash         bytea,
        changes      jsonb,
        statistics   jsonb,
        created_at   timestamptz NOT NULL DEFAULT now(),
        published_at timestamptz,
        CONSTRAINT commits_branch_id_seq_key UNIQUE (branch_id, seq)
      )`);
    await db.query(`CREATE INDEX commits_dataset_id_published_at_idx ON commits (dataset_id, published_at)`);
    await db.query(`
      CREATE TABLE lineage_edges (
        id             uuid        NOT NULL CONSTRAINT lineage_edges_pkey PRIMARY KEY,
        tenant_id      uuid        NOT NULL CONSTRAINT lineage_edges_tenant_id_fkey REFERENCES tenants (id),
        kind           text        NOT NULL,
        from_dataset_id uuid       NOT NULL CONSTRAINT lineage_edges_from_dataset_id_fkey REFERENCES datasets (id),
        from_commit_id uuid        NOT NULL CONSTRAINT lineage_edges_from_commit_id_fkey REFERENCES commits (id),
        to_dataset_id  uuid        NOT NULL CONSTRAINT lineage_edges_to_dataset_id_fkey REFERENCES datasets (id),
        to_commit_id   uuid        NOT NULL CONSTRAINT lineage_edges_to_commit_id_fkey REFERENCES commits (id),
        details        jsonb       NOT NULL,
        created_at     timestamptz NOT NULL DEFAULT now()
      )`);
    await db.query(`CREATE INDEX lineage_edges_from_dataset_id_idx ON lineage_edges (from_dataset_id)`);
    await db.query(`CREATE INDEX lineage_edges_to_dataset_id_idx ON lineage_edges (to_dataset_id)`);
    await secureByTenant(db, 'datasets', 'branches', 'commits', 'lineage_edges');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE lineage_edges, commits, branches, datasets');
  }
}

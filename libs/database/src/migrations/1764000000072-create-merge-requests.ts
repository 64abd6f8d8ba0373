import type { MigrationInterface, QueryRunner } from 'typeorm';
import { secureByTenant } from './tenant-policy.ts';

/** Work that is looked at before it is merged, what reviewers said of it, and how many a branch asks for. */
export class CreateMergeRequests1764000000072 implements MigrationInterface {
  readonly name = 'CreateMergeRequests1764000000072';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE branches ADD COLUMN required_approvals smallint NOT NULL DEFAULT 0
        CONSTRAINT branches_required_approvals_check CHECK (required_approvals BETWEEN 0 AND 6)`);
    await db.query(`
      CREATE TABLE merge_requests (
        id              uuid        NOT NULL CONSTRAINT merge_requests_pkey PRIMARY KEY,
        tenant_id       uuid        NOT NULL CONSTRAINT merge_requests_tenant_id_fkey REFERENCES tenants (id),
        dataset_id      uuid        NOT NULL CONSTRAINT merge_requests_dataset_id_fkey REFERENCES datasets (id),
        source          text        NOT NULL,
        target          text        NOT NULL,
        title           text        NOT NULL,
        description     text        NOT NULL,
        status          text        NOT NULL
          CONSTRAINT merge_requests_status_check CHECK (status IN ('open', 'merged', 'closed')),
        opened_by       uuid        NOT NULL,
        created_at      timestamptz NOT NULL DEFAULT now(),
        ended_by        uuid,
        ended_at        timestamptz,
        outcome         jsonb
      )`);
    await db.query('CREATE INDEX merge_requests_dataset_id_id_idx ON merge_requests (dataset_id, id)');
    await db.query(`
      CREATE UNIQUE INDEX merge_requests_open_key ON merge_requests (dataset_id, source, target) WHERE status = 'open'`);
    await db.query(`
      CREATE TABLE merge_reviews (
        id             uuid        NOT NULL CONSTRAINT merge_reviews_pkey PRIMARY KEY,
        tenant_id      uuid        NOT NULL,
        request_id     uuid        NOT NULL CONSTRAINT merge_reviews_request_id_fkey REFERENCES merge_requests (id),
        ordinal        integer     NOT NULL,
        reviewer_id    uuid        NOT NULL,
        decision       text        NOT NULL
          CONSTRAINT merge_reviews_decision_check CHECK (decision IN ('approve', 'request_changes', 'comment')),
        commit_id      uuid        NOT NULL,
        note           text        NOT NULL,
        dismissed_by   uuid,
        dismiss_reason text,
        created_at     timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT merge_reviews_request_id_ordinal_key UNIQUE (request_id, ordinal)
      )`);
    await secureByTenant(db, 'merge_requests', 'merge_reviews');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE merge_reviews, merge_requests');
    await db.query('ALTER TABLE branches DROP COLUMN required_approvals');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';
import { secureByTenant } from './tenant-policy.ts';

/** What somebody said of a finding: that it is accepted, or that it is none. */
export class CreateFindingDecisions1764000000051 implements MigrationInterface {
  readonly name = 'CreateFindingDecisions1764000000051';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE finding_decisions (
        tenant_id  uuid        NOT NULL CONSTRAINT finding_decisions_tenant_id_fkey REFERENCES tenants (id),
        dataset_id uuid        NOT NULL,
        record_id  uuid        NOT NULL,
        leaf       bytea       NOT NULL,
        ordinal    integer     NOT NULL,
        decision   text        NOT NULL
          CONSTRAINT finding_decisions_decision_check CHECK (decision IN ('accept', 'false_positive')),
        reason     text        NOT NULL,
        expires_at timestamptz,
        allowed_id uuid,
        version    integer     NOT NULL DEFAULT 1,
        decided_by uuid        NOT NULL,
        decided_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT finding_decisions_pkey PRIMARY KEY (record_id, leaf, ordinal)
      )`);
    await db.query('CREATE INDEX finding_decisions_dataset_id_idx ON finding_decisions (dataset_id)');
    await secureByTenant(db, 'finding_decisions');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE finding_decisions');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';
import { secureByTenant } from './tenant-policy.ts';

/** What records of different splits have in common: their ids, and how alike they are. */
export class CreateLeakageReports1764000000082 implements MigrationInterface {
  readonly name = 'CreateLeakageReports1764000000082';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE leakage_reports (
        id                 uuid        NOT NULL CONSTRAINT leakage_reports_pkey PRIMARY KEY,
        tenant_id          uuid        NOT NULL,
        dataset_id         uuid        NOT NULL CONSTRAINT leakage_reports_dataset_id_fkey REFERENCES datasets (id),
        commit_id          uuid        NOT NULL,
        against_dataset_id uuid,
        created_at         timestamptz NOT NULL DEFAULT now()
      )`);
    await db.query('CREATE INDEX leakage_reports_dataset_id_idx ON leakage_reports (dataset_id)');
    await db.query(`
      CREATE TABLE leaks (
        id          uuid NOT NULL CONSTRAINT leaks_pkey PRIMARY KEY,
        tenant_id   uuid NOT NULL,
        report_id   uuid NOT NULL CONSTRAINT leaks_report_id_fkey REFERENCES leakage_reports (id),
        record_id   uuid NOT NULL,
        split       text,
        other_id    uuid NOT NULL,
        other_split text,
        kind        text NOT NULL,
        similarity  real
      )`);
    await db.query('CREATE INDEX leaks_report_id_id_idx ON leaks (report_id, id)');
    await secureByTenant(db, 'leakage_reports', 'leaks');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE leaks, leakage_reports');
  }
}

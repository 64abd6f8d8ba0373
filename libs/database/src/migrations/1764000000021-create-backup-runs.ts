import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which backups were made. Of no tenant, like the backups themselves. */
export class CreateBackupRuns1764000000021 implements MigrationInterface {
  readonly name = 'CreateBackupRuns1764000000021';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE backup_runs (
        name        text        NOT NULL CONSTRAINT backup_runs_pkey PRIMARY KEY,
        place       text        NOT NULL,
        bytes       bigint      NOT NULL,
        finished_at timestamptz NOT NULL DEFAULT now()
      )`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE backup_runs');
  }
}

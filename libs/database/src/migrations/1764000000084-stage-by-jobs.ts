import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which job writes under a commit before anybody sees it; of those that also end rows there is one at a time on a branch. */
export class StageByJobs1764000000084 implements MigrationInterface {
  readonly name = 'StageByJobs1764000000084';

  async up(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE commits ADD COLUMN job_id uuid, ADD COLUMN lease_until timestamptz');
    await db.query(`CREATE UNIQUE INDEX commits_branch_id_job_key ON commits (branch_id)
      WHERE job_id IS NOT NULL AND state <> 'published'`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP INDEX commits_branch_id_job_key');
    await db.query('ALTER TABLE commits DROP COLUMN job_id, DROP COLUMN lease_until');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The signature of whoever made a commit, over its hash. */
export class SignCommits1764000000090 implements MigrationInterface {
  readonly name = 'SignCommits1764000000090';

  async up(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE commits ADD COLUMN signature jsonb');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE commits DROP COLUMN signature');
  }
}

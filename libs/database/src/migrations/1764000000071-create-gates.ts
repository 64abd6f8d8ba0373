import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What commits must be like to get onto a branch, and what was said of each. */
export class CreateGates1764000000071 implements MigrationInterface {
  readonly name = 'CreateGates1764000000071';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`ALTER TABLE datasets ADD COLUMN gates jsonb NOT NULL DEFAULT '[]'`);
    await db.query('ALTER TABLE commits ADD COLUMN gates jsonb');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE commits DROP COLUMN gates');
    await db.query('ALTER TABLE datasets DROP COLUMN gates');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Since when a branch has no name: what nothing else leads to stays a while from then on. */
export class ReleaseBranches1764000000085 implements MigrationInterface {
  readonly name = 'ReleaseBranches1764000000085';

  async up(db: QueryRunner): Promise<void> {
    // Left empty where it is not known, by servers of the release before too: the first who looks for those says now.
    await db.query('ALTER TABLE branches ADD COLUMN released_at timestamptz');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE branches DROP COLUMN released_at');
  }
}

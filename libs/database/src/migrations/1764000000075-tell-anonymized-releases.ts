import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How a record that was held back was anonymized when it was released. */
export class TellAnonymizedReleases1764000000075 implements MigrationInterface {
  readonly name = 'TellAnonymizedReleases1764000000075';

  async up(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE quarantine_items ADD COLUMN anonymization jsonb');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE quarantine_items DROP COLUMN anonymization');
  }
}

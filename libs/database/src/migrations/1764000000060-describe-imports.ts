import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How an imported file was read, and where in a row a mistake is. */
export class DescribeImports1764000000060 implements MigrationInterface {
  name = 'DescribeImports1764000000060';

  async up(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE imports ADD COLUMN report jsonb');
    await db.query('ALTER TABLE import_errors ADD COLUMN column_number integer, ADD COLUMN path text');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE import_errors DROP COLUMN path, DROP COLUMN column_number');
    await db.query('ALTER TABLE imports DROP COLUMN report');
  }
}

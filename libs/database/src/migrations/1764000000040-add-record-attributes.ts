import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What is said of a record beside its content, removals, and the ways in by what a commit changed. A plain key of
 * (branch, seq) holds a million rows of one import in few pages, because equal keys are kept once.
 */
export class AddRecordAttributes1764000000040 implements MigrationInterface {
  readonly name = 'AddRecordAttributes1764000000040';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE record_versions
        ALTER COLUMN segment_id DROP NOT NULL,
        ADD COLUMN external_id text,
        ADD COLUMN labels      text[],
        ADD COLUMN split       text,
        ADD COLUMN source      text,
        ADD COLUMN license     text,
        ADD COLUMN language    text,
        ADD COLUMN metadata    jsonb`);
    await db.query(`CREATE INDEX record_versions_branch_id_from_seq_idx ON record_versions (branch_id, from_seq)`);
    await db.query(
      `CREATE INDEX record_versions_branch_id_to_seq_idx ON record_versions (branch_id, to_seq) WHERE to_seq IS NOT NULL`,
    );
    await db.query(
      `CREATE INDEX record_versions_branch_id_external_id_idx ON record_versions (branch_id, external_id)
         WHERE external_id IS NOT NULL`,
    );
    await db.query(
      `CREATE INDEX record_versions_metadata_idx ON record_versions USING gin (metadata jsonb_path_ops)
         WHERE metadata IS NOT NULL`,
    );
    // Asked with every commit: without it all commits of the branch would be looked at.
    await db.query(
      `CREATE INDEX commits_branch_id_unpublished_idx ON commits (branch_id, seq) WHERE state <> 'published'`,
    );
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP INDEX commits_branch_id_unpublished_idx');
    await db.query(`
      DROP INDEX record_versions_branch_id_from_seq_idx, record_versions_branch_id_to_seq_idx,
        record_versions_branch_id_external_id_idx, record_versions_metadata_idx`);
    await db.query('DELETE FROM record_versions WHERE segment_id IS NULL');
    await db.query(`
      ALTER TABLE record_versions
        ALTER COLUMN segment_id SET NOT NULL,
        DROP COLUMN external_id, DROP COLUMN labels, DROP COLUMN split, DROP COLUMN source,
        DROP COLUMN license, DROP COLUMN language, DROP COLUMN metadata`);
  }
}

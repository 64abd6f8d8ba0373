import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The way in by what a commit changed, under a key that only who looks for changes asks for. Under (branch, seq) it also
 * offered itself to every reader of the branch, and before the statistics of a large import are there the planner took
 * it: then a page of a hundred records read all of them.
 */
export class IndexChangesApart1764000000042 implements MigrationInterface {
  /** Servers find the same without it, only later. */
  static readonly canWait = true;
  readonly name = 'IndexChangesApart1764000000042';

  async up(db: QueryRunner): Promise<void> {
    await db.query('DROP INDEX record_versions_branch_id_from_seq_idx, record_versions_branch_id_to_seq_idx');
    await db.query('CREATE INDEX record_versions_came_idx ON record_versions (uuid_hash(branch_id), from_seq)');
    await db.query(
      'CREATE INDEX record_versions_went_idx ON record_versions (uuid_hash(branch_id), to_seq) WHERE to_seq IS NOT NULL',
    );
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP INDEX record_versions_came_idx, record_versions_went_idx');
    await db.query(`CREATE INDEX record_versions_branch_id_from_seq_idx ON record_versions (branch_id, from_seq)`);
    await db.query(
      `CREATE INDEX record_versions_branch_id_to_seq_idx ON record_versions (branch_id, to_seq) WHERE to_seq IS NOT NULL`,
    );
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';
import { secureByTenant } from './tenant-policy.ts';

/**
 * Segments whose records lie in another one by now, objects that nobody names any more, and the way from a segment to the
 * records in it. Ids of segments grow with time and rows mostly come in that order, so some bytes for each megabyte of
 * rows do for that, and adding rows costs nothing.
 */
export class RetireSegments1764000000083 implements MigrationInterface {
  readonly name = 'RetireSegments1764000000083';

  async up(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE segments ADD COLUMN retired_at timestamptz, ADD COLUMN claimed_until timestamptz');
    await db.query(`CREATE INDEX segments_small_idx ON segments (dataset_id, id)
      WHERE retired_at IS NULL AND plain_bytes < 1048576 AND records < 2000`);
    await db.query('CREATE INDEX segments_retired_at_idx ON segments (retired_at) WHERE retired_at IS NOT NULL');
    await db.query(`CREATE INDEX record_versions_segment_id_idx ON record_versions
      USING brin (segment_id uuid_minmax_multi_ops) WITH (autosummarize = on)`);
    await db.query(`
      CREATE TABLE leftover_objects (
        object     text        NOT NULL CONSTRAINT leftover_objects_pkey PRIMARY KEY,
        tenant_id  uuid        NOT NULL,
        not_before timestamptz NOT NULL
      )`);
    await db.query('CREATE INDEX leftover_objects_not_before_idx ON leftover_objects (not_before)');
    await secureByTenant(db, 'leftover_objects');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE leftover_objects');
    await db.query('DROP INDEX record_versions_segment_id_idx, segments_retired_at_idx, segments_small_idx');
    await db.query('ALTER TABLE segments DROP COLUMN retired_at, DROP COLUMN claimed_until');
  }
}

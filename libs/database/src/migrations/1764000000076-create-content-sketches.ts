import type { MigrationInterface, QueryRunner } from 'typeorm';
import { secureByTenant } from './tenant-policy.ts';

const BANDS = Array.from({ length: 16 }, (_, band) => `band_${band}`);

/** What records are like, as keyed sketches, of datasets whose gates look for what is nearly the same; and how far it is with those. */
export class CreateContentSketches1764000000076 implements MigrationInterface {
  readonly name = 'CreateContentSketches1764000000076';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE content_sketches (
        tenant_id  uuid    NOT NULL,
        dataset_id uuid    NOT NULL,
        record_id  uuid    NOT NULL,
        leaf       bytea   NOT NULL,
        method     integer NOT NULL,
        sketch     bytea   NOT NULL,
        ${BANDS.map((band) => `${band} integer,`).join('\n        ')}
        CONSTRAINT content_sketches_pkey PRIMARY KEY (dataset_id, record_id, leaf)
      )`);
    // Nothing in it is ever compressed, and it is short.
    await db.query('ALTER TABLE content_sketches ALTER COLUMN sketch SET STORAGE PLAIN');
    for (const band of BANDS) {
      await db.query(`CREATE INDEX content_sketches_${band}_idx ON content_sketches (${band})`);
    }
    await db.query(`
      CREATE TABLE content_sketchings (
        dataset_id   uuid  NOT NULL CONSTRAINT content_sketchings_pkey PRIMARY KEY,
        tenant_id    uuid  NOT NULL,
        job_id       uuid  NOT NULL,
        looking      jsonb NOT NULL,
        completed_at timestamptz
      )`);
    await secureByTenant(db, 'content_sketches', 'content_sketchings');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE content_sketchings, content_sketches');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';
import { secureByTenant } from './tenant-policy.ts';

/** Records that gates hold back: where their versions lie, for which branch they are meant, and what became of them. */
export class CreateQuarantine1764000000073 implements MigrationInterface {
  readonly name = 'CreateQuarantine1764000000073';

  async up(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE branches ADD COLUMN holds boolean NOT NULL DEFAULT false');
    await db.query('CREATE UNIQUE INDEX branches_holds_key ON branches (dataset_id) WHERE holds');
    await db.query(`
      ALTER TABLE commits
        DROP CONSTRAINT commits_state_check,
        ADD CONSTRAINT commits_state_check CHECK (state IN ('staged', 'published', 'abandoned', 'held')) NOT VALID`);
    await db.query('ALTER TABLE commits VALIDATE CONSTRAINT commits_state_check');
    await db.query(`
      ALTER TABLE imports
        ADD COLUMN held_commit_id uuid,
        ADD COLUMN quarantined    bigint NOT NULL DEFAULT 0`);
    await db.query(`
      CREATE TABLE quarantine_items (
        id         uuid        NOT NULL CONSTRAINT quarantine_items_pkey PRIMARY KEY,
        tenant_id  uuid        NOT NULL,
        dataset_id uuid        NOT NULL,
        branch     text        NOT NULL,
        action     text        NOT NULL
          CONSTRAINT quarantine_items_action_check CHECK (action IN ('create', 'replace', 'patch', 'import')),
        based_on   text,
        import_id  uuid,
        holding_id uuid        NOT NULL,
        record_id  uuid        NOT NULL,
        from_seq   bigint      NOT NULL,
        commit_id  uuid        NOT NULL,
        segment_id uuid        NOT NULL,
        types      text[]      NOT NULL,
        risk       smallint    NOT NULL,
        created_by uuid        NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        status     text        NOT NULL DEFAULT 'held'
          CONSTRAINT quarantine_items_status_check CHECK (status IN ('held', 'released', 'discarded')),
        reason     text,
        decided_by uuid,
        decided_at timestamptz,
        released_as uuid
      )`);
    await db.query('CREATE INDEX quarantine_items_dataset_id_id_idx ON quarantine_items (dataset_id, id)');
    await db.query('CREATE INDEX quarantine_items_commit_id_idx ON quarantine_items (commit_id)');
    await db.query('CREATE INDEX quarantine_items_segment_id_idx ON quarantine_items (segment_id)');
    await db.query(`CREATE INDEX quarantine_items_held_idx ON quarantine_items (dataset_id, id) WHERE status = 'held'`);
    await secureByTenant(db, 'quarantine_items');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE quarantine_items');
    await db.query('ALTER TABLE imports DROP COLUMN quarantined, DROP COLUMN held_commit_id');
    // What was held nobody can see any more, nor can it be published: as what was given up.
    await db.query(`UPDATE commits SET state = 'abandoned' WHERE state = 'held'`);
    await db.query(`
      ALTER TABLE commits
        DROP CONSTRAINT commits_state_check,
        ADD CONSTRAINT commits_state_check CHECK (state IN ('staged', 'published', 'abandoned'))`);
    await db.query('DROP INDEX branches_holds_key');
    await db.query('ALTER TABLE branches DROP COLUMN holds');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who wants the vault to be under maintenance. Of no tenant, and read by every server once a second. */
export class CreateMaintenanceSwitches1764000000020 implements MigrationInterface {
  readonly name = 'CreateMaintenanceSwitches1764000000020';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE maintenance_switches (
        source   text        NOT NULL CONSTRAINT maintenance_switches_pkey PRIMARY KEY
          CONSTRAINT maintenance_switches_source_check CHECK (source IN ('operator', 'deployment-annotation')),
        reason   text        NOT NULL,
        actor_id uuid,
        since    timestamptz NOT NULL DEFAULT now()
      )`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE maintenance_switches');
  }
}

import { setTimeout as delay } from 'node:timers/promises';
import { type DataSource, type Migration, MigrationExecutor, type QueryRunner } from 'typeorm';
import { grantAccess } from './access.ts';
import { migrations } from './migrations/index.ts';

/** Any constant will do, as long as every version of the server uses the same: "LDVM" and a number. */
const LOCK = 0x4c44_564d_01;

export interface MigrationStatus {
  applied: string[];
  pending: string[];
  /** Applied to the database but not known to this program: the database is newer. */
  unknown: string[];
}

/** Brings the schema up or down, one at a time across all processes: TypeORM itself takes no lock. */
export class Migrator {
  private readonly dataSource: DataSource;

  constructor(dataSource: DataSource) {
    this.dataSource = dataSource;
  }

  async status(): Promise<MigrationStatus> {
    return this.withRunner((runner) => this.read(runner));
  }

  /**
   * Applies what is missing, each in a transaction of its own, and gives their names. Safe to run twice or at once.
   *
   * @param also what else makes tables, on a connection of its own while nobody else may migrate
   */
  async up(also?: () => Promise<void>): Promise<string[]> {
    return this.apply(() => true, also);
  }

  /** The same for some of them: to build a schema as it was in the past. */
  async upTo(names: readonly string[]): Promise<string[]> {
    return this.apply((name) => names.includes(name));
  }

  private async apply(isWanted: (name: string) => boolean, also?: () => Promise<void>): Promise<string[]> {
    return this.locked(async (runner) => {
      const executor = this.executor(runner, isWanted);
      const done = await executor.executePendingMigrations();
      await grantAccess(runner);
      await also?.();
      return done.map((migration) => migration.name);
    });
  }

  /** Takes back the newest migration, and gives its name; null when there is none. */
  async down(): Promise<string | null> {
    return this.locked(async (runner) => {
      const { applied } = await this.read(runner);
      const last = applied.at(-1);
      if (last === undefined) return null;
      await this.executor(runner).undoLastMigration();
      return last;
    });
  }

  private executor(runner: QueryRunner, isWanted: (name: string) => boolean = () => true): MigrationExecutor {
    const executor = new SomeMigrations(this.dataSource, runner, isWanted);
    executor.transaction = 'each';
    return executor;
  }

  private async read(runner: QueryRunner): Promise<MigrationStatus> {
    const known = migrations.map((migration) => migration.name);
    const exists = await runner.hasTable('schema_migrations');
    const rows = exists
      ? ((await runner.query('SELECT name FROM schema_migrations ORDER BY id')) as { name: string }[])
      : [];
    const applied = rows.map((row) => row.name);
    return {
      applied,
      pending: known.filter((name) => !applied.includes(name)),
      unknown: applied.filter((name) => !known.includes(name)),
    };
  }

  private async locked<T>(work: (runner: QueryRunner) => Promise<T>): Promise<T> {
    return this.withRunner(async (runner) => {
      await this.takeTurn(runner);
      try {
        // A change that waits for a table makes every reader behind it wait too: better it fails, and is run again.
        await runner.query(`SET lock_timeout = '10s'`);
        return await work(runner);
      } finally {
        // A connection that cannot do this is gone, and the lock with it.
        await runner.query('RESET lock_timeout; SELECT pg_advisory_unlock_all()').catch(() => undefined);
      }
    });
  }

  /** Asks again and again rather than wait in the server, where the wait would count as a statement that hangs. */
  private async takeTurn(runner: QueryRunner): Promise<void> {
    for (;;) {
      const [row] = (await runner.query('SELECT pg_try_advisory_lock($1) AS mine', [LOCK])) as { mine: boolean }[];
      if (row?.mine) return;
      await delay(200);
    }
  }

  private async withRunner<T>(work: (runner: QueryRunner) => Promise<T>): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    const limits = ((await runner.connect()) as { connectionParameters: { query_timeout: number | false } })
      .connectionParameters;
    const usual = limits.query_timeout;
    try {
      // Changing a large table takes as long as it takes.
      limits.query_timeout = false;
      return await work(runner);
    } finally {
      limits.query_timeout = usual;
      await runner.release();
    }
  }
}

/** TypeORM's own way with migrations, for those that are wanted. */
class SomeMigrations extends MigrationExecutor {
  private readonly isWanted: (name: string) => boolean;

  constructor(dataSource: DataSource, runner: QueryRunner, isWanted: (name: string) => boolean) {
    super(dataSource, runner);
    this.isWanted = isWanted;
  }

  protected override getMigrations(): Migration[] {
    return super.getMigrations().filter(({ name }) => this.isWanted(name));
  }
}

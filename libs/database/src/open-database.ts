import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DataSource, type DataSourceOptions, type MixedList } from 'typeorm';
import type { Log } from '#kernel';
import { EmbeddedPostgres } from './adapters/pglite.ts';
import { PgliteStream } from './adapters/pglite.stream.ts';
import type { DatabaseConfig } from './database.config.ts';
import { canSwitchRole } from './access.ts';
import { Database } from './database.ts';
import { asVaultError, SchemaBehind, TenantNotEnforced } from './database.errors.ts';
import { lockDataDir } from './data-dir.lock.ts';
import { canWait, migrations } from './migrations/index.ts';
import { Migrator } from './migrator.ts';
import { statement } from './statement.ts';
import { type StatementObserver, watchStatements } from './statement.watch.ts';

type Entities = MixedList<new () => unknown>;

/** A connection as the owner of the tables: for migrations, and to build a `Database` on. */
export interface OpenedDatabase {
  embedded: boolean;
  dataSource: DataSource;
  migrator: Migrator;
  /**
   * The database as the rooms use it, with row-level security in force.
   *
   * @throws SchemaBehind when migrations are missing
   * @throws TenantNotEnforced when the role would see every tenant's rows
   */
  ready(): Promise<Database>;
  /** Runs SQL of a package that keeps tables of its own, see `Database.statement`. */
  statement: (sql: string, parameters?: unknown[]) => Promise<unknown[]>;
  /** Tells of every statement from now on. */
  watch(observer: StatementObserver): void;
  close(): Promise<void>;
}

/** Opens PostgreSQL by url, or else the embedded database under `dataDir`. Entities are the rooms' lists. */
export async function openDatabase(
  config: DatabaseConfig,
  dataDir: string,
  entities: Entities,
  log: Log,
): Promise<OpenedDatabase> {
  await using opening = new AsyncDisposableStack();
  const unlock = config.url ? undefined : lockDataDir(dataDir);
  if (unlock) opening.defer(unlock);
  const embedded = config.url ? undefined : await openEmbedded(dataDir);
  if (embedded) opening.defer(() => embedded.close());
  const dataSource = new DataSource({
    type: 'postgres',
    entities,
    migrations,
    migrationsTableName: 'schema_migrations',
    installExtensions: false,
    parseInt8: true,
    logging: false,
    poolErrorHandler: () =>
      log.warn({ event_type: 'database', error: 'DB_CONNECTION_LOST' }, 'a pooled connection broke'),
    ...(embedded ? embeddedOptions(embedded) : serverOptions(config)),
  } as DataSourceOptions);
  await dataSource.initialize().catch((error: unknown) => {
    throw asVaultError(error);
  });
  opening.defer(() => dataSource.destroy());
  const migrator = new Migrator(dataSource);
  // From here on closing is the caller's: connections first, then what they lead to, then the lock.
  const opened = opening.move();
  return {
    embedded: embedded !== undefined,
    dataSource,
    migrator,
    ready: () => enforced(dataSource, migrator, log),
    statement: (sql, parameters) => statement(dataSource, sql, parameters),
    watch: (observer) => watchStatements(dataSource, observer),
    close: () => opened.disposeAsync(),
  };
}

/** A database that was never opened, and refuses everything: to put an application together that nobody asks anything. */
export function unopenedDatabase(log: Log): { database: Database; migrator: Migrator } {
  const dataSource = new DataSource({ type: 'postgres' });
  return { database: new Database(dataSource, false, log), migrator: new Migrator(dataSource) };
}

async function openEmbedded(dataDir: string): Promise<EmbeddedPostgres> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  return EmbeddedPostgres.open(join(dataDir, 'pg'));
}

function embeddedOptions(embedded: EmbeddedPostgres): object {
  return {
    username: 'postgres',
    database: 'postgres',
    // One session: who comes second waits, and gives up rather than hang when a transaction forgot to end.
    poolSize: 1,
    connectTimeoutMS: 60_000,
    extra: { stream: () => new PgliteStream(embedded), idleTimeoutMillis: 0, ssl: false },
  };
}

function serverOptions(config: DatabaseConfig): object {
  return {
    url: config.url,
    poolSize: config.max_connections,
    connectTimeoutMS: config.connect_timeout_seconds * 1000,
    applicationName: 'vault-server',
    extra: {
      min: config.min_connections,
      idleTimeoutMillis: config.idle_timeout_seconds * 1000,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      // Longer than the server's own limits: it strikes only when the server does not answer any more.
      query_timeout: 30_000,
    },
  };
}

interface RoleRow {
  bypasses: boolean;
  unforced: number;
}

async function enforced(dataSource: DataSource, migrator: Migrator, log: Log): Promise<Database> {
  const { pending } = await migrator.status();
  // Some of a new release may come later than its servers: health tells of those, and the start goes on.
  const needed = pending.filter((name) => !canWait(name));
  if (needed.length > 0) throw new SchemaBehind(needed.length);
  const maySwitch = await canSwitchRole(dataSource);
  const [row] = await dataSource.query<RoleRow[]>(
    `SELECT (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user) AS bypasses,
            (SELECT count(*)::int FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
              WHERE n.nspname = current_schema() AND c.relrowsecurity AND NOT c.relforcerowsecurity) AS unforced`,
  );
  if (!row || (!maySwitch && (row.bypasses || row.unforced > 0))) throw new TenantNotEnforced();
  return new Database(dataSource, maySwitch, log);
}

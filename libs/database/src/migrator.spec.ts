import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { SilentLog } from '#kernel';
import { asSuperuser, emptyPlace, hasServer, kinds } from '../../../test/support/test-database.ts';
import { databaseConfig } from './database.config.ts';
import { canWait, migrations } from './migrations/index.ts';
import { openDatabase, type OpenedDatabase } from './open-database.ts';

const CHILD = join(__dirname, '../../../test/support/database.child.ts');

/** Everything migrations make, as the catalog tells it. */
const SCHEMA = `
  SELECT 'column', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull::text, pg_get_expr(d.adbin, d.adrelid)
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
   WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
  UNION ALL SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid), '', ''
    FROM pg_constraint WHERE connamespace = current_schema()::regnamespace
  UNION ALL SELECT 'index', tablename, indexname, indexdef, '', '' FROM pg_indexes WHERE schemaname = current_schema()
  UNION ALL SELECT 'policy', tablename, policyname, cmd, qual, with_check FROM pg_policies WHERE schemaname = current_schema()
  UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid), '', '' FROM pg_trigger WHERE NOT tgisinternal
  UNION ALL SELECT 'function', '', proname, pg_get_functiondef(oid), '', '' FROM pg_proc WHERE pronamespace = current_schema()::regnamespace
  UNION ALL SELECT 'table', relname, relrowsecurity::text, relforcerowsecurity::text, regexp_replace(relacl::text, 'test_[0-9a-f]+', 'owner', 'g'), ''
    FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'
  ORDER BY 1, 2, 3, 4`;

describe.each(kinds)('migrations on %s', (kind) => {
  let place: Awaited<ReturnType<typeof emptyPlace>>;
  let opened: OpenedDatabase;
  beforeAll(async () => {
    place = await emptyPlace(kind);
    opened = await openDatabase(databaseConfig.parse(place.config), place.dataDir, [], new SilentLog());
  });
  afterAll(async () => {
    await opened.close();
    await place.remove();
  });

  it('go up, down to nothing, and up again to the same schema', async () => {
    const { pending } = await opened.migrator.status();
    await expect(opened.ready()).rejects.toMatchObject({ code: 'schema-behind' });
    expect(await opened.migrator.up()).toEqual(pending);
    expect(await opened.migrator.status()).toEqual({ applied: pending, pending: [], unknown: [] });
    const first = await opened.dataSource.query<object[]>(SCHEMA);
    expect(first.length).toBeGreaterThan(150);

    const undone: (string | null)[] = [];
    for (;;) {
      const name = await opened.migrator.down();
      if (name === null) break;
      undone.push(name);
    }
    expect(undone).toEqual(pending.toReversed());
    const left = await opened.dataSource.query<{ name: string }[]>(
      `SELECT relname AS name FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'
       UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = current_schema()::regnamespace`,
    );
    expect(left).toEqual([{ name: 'schema_migrations' }]);

    expect(await opened.migrator.up()).toEqual(pending);
    expect(await opened.dataSource.query(SCHEMA)).toEqual(first);
  });

  it('that can wait keep no server from its start, and are told of; all others do', async () => {
    const names = migrations.map(({ name }) => name);
    const waiting = names.filter(canWait);
    expect([waiting.length > 0, waiting.length < names.length]).toEqual([true, true]);
    await opened.statement('CREATE TABLE kept AS SELECT * FROM schema_migrations');
    const missing = async (...names_: string[]): Promise<void> => {
      const list = names_.map((name) => `'${name}'`).join(', ');
      await opened.statement(`DELETE FROM schema_migrations WHERE name IN (${list})`);
      expect((await opened.migrator.status()).pending).toEqual(names.filter((name) => names_.includes(name)));
    };
    await missing(...waiting);
    await opened.ready();
    await missing(
      ...waiting,
      names.findLast((name) => !canWait(name))!,
    );
    await expect(opened.ready()).rejects.toMatchObject({ code: 'schema-behind' });
    await opened.statement('DELETE FROM schema_migrations');
    await opened.statement('INSERT INTO schema_migrations SELECT * FROM kept');
    await opened.statement('DROP TABLE kept');
  });

  it('may be run again', async () => {
    await opened.migrator.up();
    expect(await opened.migrator.up()).toEqual([]);
  });

  it('say when the database is newer than the program', async () => {
    await opened.migrator.up();
    await opened.statement(`INSERT INTO schema_migrations (timestamp, name) VALUES (2764000000001, 'FromTheFuture')`);
    expect((await opened.migrator.status()).unknown).toEqual(['FromTheFuture']);
    await opened.statement(`DELETE FROM schema_migrations WHERE name = 'FromTheFuture'`);
  });
});

it('an owner who may make roles acts as vault_app, also where membership alone does not allow it (PostgreSQL 16)', async () => {
  const place = await emptyPlace('embedded');
  const opened = await openDatabase(databaseConfig.parse({}), place.dataDir, [], new SilentLog());
  try {
    await opened.statement('CREATE ROLE owner CREATEROLE; GRANT ALL ON SCHEMA public TO owner');
    await opened.statement('SET SESSION AUTHORIZATION owner');
    await opened.migrator.up();
    const database = await opened.ready();
    const [row] = await database.withoutTenant({}, () =>
      database.query('SELECT session_user AS who, current_user AS as_whom'),
    );
    expect(row).toEqual({ who: 'owner', as_whom: 'vault_app' });
  } finally {
    await opened.close();
    await place.remove();
  }
});

/** Runs the child to its end and gives what it said. */
function migrate(url: string): Promise<string> {
  const child = spawn(process.execPath, ['--conditions=source', CHILD, 'migrate', url], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return new Promise((resolve) => child.on('close', () => resolve(said.trim())));
}

if (hasServer) {
  it('invariant 8: ten processes that migrate at once migrate once', async () => {
    const place = await emptyPlace('postgres');
    try {
      const said = await Promise.all(Array.from({ length: 10 }, () => migrate(place.config.url!)));
      expect(said.map(Number).sort((a, b) => b - a)).toEqual([migrations.length, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    } finally {
      await place.remove();
    }
  });

  it('a role that would see every tenant is refused', async () => {
    const place = await emptyPlace('postgres-owner');
    const name = new URL(place.config.url!).username;
    const opened = await openDatabase(databaseConfig.parse(place.config), place.dataDir, [], new SilentLog());
    try {
      await opened.migrator.up();
      await opened.ready();
      // Forced policies hold the owner, but nobody who bypasses them all.
      await asSuperuser((client) => client.query(`ALTER ROLE ${name} BYPASSRLS`));
      await expect(opened.ready()).rejects.toMatchObject({ code: 'tenant-not-enforced' });
      await asSuperuser((client) => client.query(`ALTER ROLE ${name} NOBYPASSRLS`));
      await opened.statement('ALTER TABLE users NO FORCE ROW LEVEL SECURITY');
      await expect(opened.ready()).rejects.toMatchObject({ code: 'tenant-not-enforced' });
    } finally {
      await opened.close();
      await place.remove();
    }
  });
}

import { newId } from '#kernel';
import { kinds, openTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts';
import type { Database } from './database.ts';

interface Column {
  table: string;
  name: string;
  type: string;
  generated: boolean;
}

/** Rows of nobody: the vault's own, and none of them says anything of a tenant. */
const OF_THE_VAULT = [
  'audit_signing_keys',
  'backup_runs',
  'maintenance_switches',
  'root_key_checks',
  'schema_migrations',
];
/** Its rows are counted for whoever somebody claims to be, before there is a tenant. */
const WITHOUT_TENANT_COLUMN = ['sign_in_failures', 'tenants'];

/** Some value of a type, written as SQL. A type nobody thought of here fails, and somebody has to think. */
const SOME: Record<string, string> = {
  uuid: `gen_random_uuid()`,
  text: `md5(random()::text)`,
  bytea: `decode(md5(random()::text), 'hex')`,
  int2: '1',
  int4: '1',
  int8: '1',
  float4: '1',
  float8: '1',
  bool: 'true',
  timestamptz: 'now()',
  jsonb: `'{}'::jsonb`,
};

describe.each(kinds)('row-level security on %s', (kind) => {
  let place: TestDatabase;
  let database: Database;
  let tables: string[];
  const anna = newId();
  const bert = newId();

  beforeAll(async () => {
    place = await openTestDatabase(kind, []);
    database = place.database;
    await dropOtherConstraints();
    const columns = await place.opened.dataSource.query<Column[]>(
      `SELECT table_name AS "table", column_name AS name, udt_name AS type,
              is_generated = 'ALWAYS' OR is_identity = 'YES' AS generated
         FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
        WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' ORDER BY table_name, ordinal_position`,
    );
    tables = [...new Set(columns.map(({ table }) => table))].filter((table) => !OF_THE_VAULT.includes(table));
    for (const table of tables)
      await addRow(
        table,
        columns.filter((column) => column.table === table),
      );
  });
  afterAll(() => place.close());

  /** What a row has to look like is not the question here, only whose it is. */
  async function dropOtherConstraints(): Promise<void> {
    await place.opened.statement(`
      DO $$ DECLARE c record; BEGIN
        FOR c IN SELECT conrelid::regclass AS tab, conname FROM pg_constraint
          WHERE connamespace = current_schema()::regnamespace AND contype IN ('c', 'f')
        LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', c.tab, c.conname); END LOOP;
      END $$`);
  }

  async function addRow(table: string, columns: Column[]): Promise<void> {
    const filled = columns.filter(({ generated }) => !generated);
    const value = ({ name, type }: Column): string => {
      if (name === 'tenant_id' || (table === 'tenants' && name === 'id')) return `'${anna}'`;
      const some = type.startsWith('_') ? `'{}'` : SOME[type];
      if (!some) throw new Error(`no value for a column of type ${type}: ${table}.${name}`);
      return some;
    };
    const sql = `INSERT INTO ${table} (${filled.map(({ name }) => `"${name}"`).join(', ')}) VALUES (${filled.map(value).join(', ')})`;
    if (table !== 'sign_in_failures') return void (await database.inTenant(anna, () => database.query(sql)));
    const identity = 'ab'.repeat(16);
    const own = sql.replace(/decode\(md5\(random\(\)::text\), 'hex'\)/, `decode('${identity}', 'hex')`);
    await database.withoutTenant({ 'vault.presented': identity }, () => database.query(own));
  }

  const count = async (table: string): Promise<number> => {
    const [row] = await database.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`);
    return row!.n;
  };

  it('knows of every table', () => {
    expect(tables.length).toBeGreaterThan(20);
  });

  it('invariant 3: is on for every table that is not the vault’s own', async () => {
    const open = await place.opened.dataSource.query<{ name: string }[]>(
      `SELECT relname AS name FROM pg_class
        WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') AND NOT relrowsecurity ORDER BY 1`,
    );
    expect(open.map(({ name }) => name)).toEqual(OF_THE_VAULT);
  });

  it('invariant 3: every other table says whose a row is', async () => {
    const without = await place.opened.dataSource.query<{ name: string }[]>(
      `SELECT table_name AS name FROM information_schema.tables t
        WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' AND NOT EXISTS (
          SELECT FROM information_schema.columns c
           WHERE c.table_schema = t.table_schema AND c.table_name = t.table_name AND c.column_name = 'tenant_id') ORDER BY 1`,
    );
    expect(without.map(({ name }) => name)).toEqual([...OF_THE_VAULT, ...WITHOUT_TENANT_COLUMN].sort());
  });

  it('invariant 3: shows nothing of any table to a query without a tenant', async () => {
    const seen: string[] = [];
    for (const table of tables) {
      if ((await database.withoutTenant({}, () => count(table))) > 0) seen.push(table);
    }
    expect(seen).toEqual([]);
  });

  it('invariant 3: shows the rows of a tenant to that tenant, and to no other', async () => {
    const seen: Record<string, [number, number]> = {};
    const expected: Record<string, [number, number]> = {};
    for (const table of tables) {
      seen[table] = [
        await database.inTenant(anna, () => count(table)),
        await database.inTenant(bert, () => count(table)),
      ];
      expected[table] = table === 'sign_in_failures' ? [0, 0] : [1, 0];
    }
    expect(seen).toEqual(expected);
  });

  it('invariant 3: lets another tenant, and nobody, change or take away nothing', async () => {
    const changed: string[] = [];
    const attempt = (sql: string) => database.query(`${sql} RETURNING 1`);
    for (const table of tables) {
      for (const sql of [`DELETE FROM ${table}`, `UPDATE ${table} SET ${await aColumnOf(table)}`]) {
        // Append-only tables refuse it in words.
        const none = (): unknown[] => [];
        const done = [
          ...(await database.inTenant(bert, () => attempt(sql)).catch(none)),
          ...(await database.withoutTenant({}, () => attempt(sql)).catch(none)),
        ];
        if (done.length > 0) changed.push(sql);
      }
    }
    expect(changed).toEqual([]);
  });

  async function aColumnOf(table: string): Promise<string> {
    const [row] = await place.opened.dataSource.query<{ name: string }[]>(
      `SELECT column_name AS name FROM information_schema.columns
        WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position LIMIT 1`,
      [table],
    );
    return `"${row!.name}" = "${row!.name}"`;
  }

  it('invariant 3: holds for the role the server works as, which cannot turn it off', async () => {
    const [role] = await database.withoutTenant({}, () =>
      database.query<{ name: string; above: boolean }>(
        `SELECT rolname AS name, rolsuper OR rolbypassrls AS above FROM pg_roles WHERE rolname = current_user`,
      ),
    );
    expect(role!.above).toBe(false);
    const turnOff = (sql: string) => database.withoutTenant({}, () => database.query(sql).then(() => count('users')));
    if (kind !== 'postgres-owner') {
      // Its rows are not its own: it is not the owner of a single table.
      const owned = await place.opened.dataSource.query<object[]>(
        `SELECT 1 FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relowner = $1::regrole`,
        [role!.name],
      );
      expect(owned).toEqual([]);
      await expect(turnOff('ALTER TABLE users DISABLE ROW LEVEL SECURITY')).rejects.toThrow('must be owner');
    }
    // Off means an error, not the rows.
    await expect(turnOff('SET LOCAL row_security = off')).rejects.toThrow(/row-level security/);
  });
});

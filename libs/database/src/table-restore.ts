import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { DataSource } from 'typeorm';
import { asVaultError, DatabaseNotEmpty } from './database.errors.ts';
import { unlimited } from './unlimited.ts';
import { ROLL_CALL, type TableShape } from './table-snapshot.ts';

/** What is kept of no use elsewhere, or made anew by the migrations themselves. */
const BOOKKEEPING = 'schema_migrations';

export interface FilledTable extends TableShape {
  rows: number;
}

const TABLES = `SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p', 'm', 'f') ORDER BY 1`;

/**
 * Looks before anything is done. Where row-level security holds for the owner, it shows the tenants, without which there
 * is no row of anyone; what it hides is found when the tables are filled.
 *
 * @throws DatabaseNotEmpty naming a table that has rows
 */
export async function refuseUnlessEmpty(dataSource: DataSource): Promise<void> {
  await inTransaction(dataSource, async (client) => {
    await client.query(ROLL_CALL);
    const { rows: tables } = await client.query<{ name: string }>(TABLES);
    for (const { name } of tables) if (name !== BOOKKEEPING) await refuseIfFilled(client, name);
  });
}

/**
 * Fills empty tables from chunks of them, and runs `after` on what is there then: all of it in one transaction, or none.
 *
 * @throws DatabaseNotEmpty
 * @throws Error when a table has another number of rows at the end than it is to have
 */
export async function fillTables(
  dataSource: DataSource,
  tables: readonly FilledTable[],
  chunks: AsyncIterable<{ table: number; bytes: Uint8Array }>,
  after: readonly string[],
): Promise<void> {
  await inTransaction(dataSource, async (client) => {
    const forced = await prepare(client, tables);
    const counts = tables.map(() => 0);
    for await (const { table, bytes } of chunks) counts[table]! += await copyIn(client, tables[table]!, bytes);
    tables.forEach(({ name, rows }, index) => {
      if (counts[index] !== rows) throw new Error(`${name} has ${counts[index]} rows instead of ${rows}`);
    });
    for (const sql of after) await client.query(sql);
    for (const name of forced) await client.query(`ALTER TABLE "${name}" FORCE ROW LEVEL SECURITY`);
  });
}

async function inTransaction(dataSource: DataSource, work: (client: PoolClient) => Promise<void>): Promise<void> {
  const { client, release } = await unlimited(dataSource);
  try {
    await client.query('BEGIN');
    try {
      await work(client);
      await client.query('COMMIT');
    } catch (error) {
      await client.query('ROLLBACK').catch(() => undefined);
      throw asVaultError(error);
    }
  } finally {
    await release();
  }
}

/**
 * Nobody else may write here until this is done: looked at once more with the doors closed. Row-level security is lifted
 * from the owner meanwhile, as COPY goes into no table under it. @returns where it was
 */
async function prepare(client: PoolClient, tables: readonly FilledTable[]): Promise<string[]> {
  const forced: string[] = [];
  for (const { name } of tables) {
    await client.query(`LOCK TABLE "${name}" IN ACCESS EXCLUSIVE MODE`);
    const { rows } = await client.query<{ secured: boolean }>(
      `SELECT row_security_active('"${name}"'::regclass) AS secured`,
    );
    if (rows[0]!.secured) {
      await client.query(`ALTER TABLE "${name}" NO FORCE ROW LEVEL SECURITY`);
      forced.push(name);
    }
    await refuseIfFilled(client, name);
  }
  return forced;
}

async function refuseIfFilled(client: PoolClient, name: string): Promise<void> {
  const { rows } = await client.query<{ found: boolean }>(`SELECT EXISTS (SELECT FROM "${name}") AS found`);
  if (rows[0]!.found) throw new DatabaseNotEmpty(name);
}

async function copyIn(client: PoolClient, { name, columns }: TableShape, bytes: Uint8Array): Promise<number> {
  const names = columns.map((column) => `"${column}"`).join(', ');
  const copy = client.query(copyFrom(`COPY "${name}" (${names}) FROM STDIN WITH (FORMAT binary)`));
  await pipeline(Readable.from([bytes], { objectMode: true }), copy);
  return copy.rowCount;
}

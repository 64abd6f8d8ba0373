import { once } from 'node:events';
import type { PoolClient } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { DataSource } from 'typeorm';
import { unlimited } from './unlimited.ts';

/** A table, and its columns in order. */
export interface TableShape {
  name: string;
  columns: string[];
}

/** Some rows of a table, as one COPY in PostgreSQL's binary format. */
export interface TableChunk {
  bytes: Buffer;
  rows: number;
}

/** Read at once: a megabyte of rows. What is long is kept elsewhere and comes on top. */
const PAGES = 128;
const HEADER_BYTES = 19;
/** Which tenants there are is open to whoever says so. */
export const ROLL_CALL = "SELECT set_config('vault.roll_call', 'on', true)";

const TABLES = `SELECT c.relname AS name, array_agg(a.attname::text ORDER BY a.attnum) AS columns,
    row_security_active(c.oid) AS secured
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
 WHERE n.nspname = current_schema() AND c.relkind = 'r' GROUP BY c.oid, c.relname ORDER BY c.relname`;
const REFERENCES = `SELECT DISTINCT f.conrelid::regclass::text AS child, f.confrelid::regclass::text AS parent
  FROM pg_constraint f JOIN pg_namespace n ON n.oid = f.connamespace
 WHERE n.nspname = current_schema() AND f.contype = 'f' AND f.conrelid <> f.confrelid`;

interface Scopes {
  secured: ReadonlySet<string>;
  tenantIds: readonly string[];
}

/**
 * All tables as they were at one moment, while others go on writing: one REPEATABLE READ transaction. Tables come in an
 * order in which they can be filled again.
 *
 * The owner sees the rows of every tenant at once. Where row-level security is forced on the owner too, tenants take
 * turns in the same transaction, which reads each table as often as there are tenants.
 */
export class TableSnapshot {
  readonly tables: readonly TableShape[];
  private readonly client: PoolClient;
  private readonly release: () => Promise<void>;
  private readonly scopes: Scopes;

  private constructor(
    { client, release }: Awaited<ReturnType<typeof unlimited>>,
    tables: readonly TableShape[],
    scopes: Scopes,
  ) {
    this.client = client;
    this.release = release;
    this.tables = tables;
    this.scopes = scopes;
  }

  static async open(dataSource: DataSource): Promise<TableSnapshot> {
    const connection = await unlimited(dataSource);
    const { client, release } = connection;
    try {
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      await client.query(ROLL_CALL);
      const { rows: tables } = await client.query<TableShape & { secured: boolean }>(TABLES);
      const { rows: references } = await client.query<Reference>(REFERENCES);
      const { rows: tenants } = await client.query<{ id: string }>('SELECT id FROM tenants ORDER BY id');
      const scopes = {
        secured: new Set(tables.filter(({ secured }) => secured).map(({ name }) => name)),
        tenantIds: tenants.map(({ id }) => id),
      };
      const shapes = tables.map(({ name, columns }) => ({ name, columns }));
      return new TableSnapshot(connection, fillable(shapes, references), scopes);
    } catch (error) {
      await client.query('ROLLBACK').catch(() => undefined);
      await release();
      throw error;
    }
  }

  /** What one statement gives at that moment. */
  async query<R extends object>(sql: string, parameters: unknown[] = []): Promise<R[]> {
    return (await this.client.query<R>(sql, parameters)).rows;
  }

  /** The same over the rows of all tenants of that table. */
  async queryAll<R extends object>(table: string, sql: string): Promise<R[]> {
    const all: R[] = [];
    for await (const _ of this.tenants(this.tables.find(({ name }) => name === table)!)) {
      for (const row of await this.query<R>(sql)) all.push(row);
    }
    return all;
  }

  /** All rows of a table, some at a time. */
  async *chunks(table: TableShape): AsyncGenerator<TableChunk> {
    for await (const _ of this.tenants(table)) yield* this.visible(table);
  }

  /** Lets the rows of each tenant be seen in turn, or those of all at once. */
  private async *tenants({ name, columns }: TableShape): AsyncGenerator<void> {
    const isPerTenant = this.scopes.secured.has(name) && columns.includes('tenant_id');
    for (const tenantId of isPerTenant ? this.scopes.tenantIds : ['']) {
      await this.query("SELECT set_config('vault.tenant', $1, true)", [tenantId]);
      yield;
    }
  }

  private async *visible({ name, columns }: TableShape): AsyncGenerator<TableChunk> {
    const [size] = await this.query<{ pages: number }>(
      `SELECT (pg_relation_size($1::regclass) / current_setting('block_size')::int)::int AS pages`,
      [`"${name}"`],
    );
    const names = columns.map((column) => `"${column}"`).join(', ');
    for (let page = 0; page < size!.pages; page += PAGES) {
      const until = page + PAGES;
      const some = `SELECT ${names} FROM "${name}" WHERE ctid >= '(${page},0)' AND ctid < '(${until},0)'`;
      const bytes = await this.copy(`COPY (${some}) TO STDOUT WITH (FORMAT binary)`);
      const rows = rowsIn(bytes);
      if (rows > 0) yield { bytes, rows };
    }
  }

  async close(): Promise<void> {
    try {
      await this.client.query('ROLLBACK');
    } finally {
      await this.release();
    }
  }

  private async copy(sql: string): Promise<Buffer> {
    const stream = this.client.query(copyTo(sql));
    const pieces: Buffer[] = [];
    stream.on('data', (piece: Buffer) => pieces.push(piece));
    await once(stream, 'end');
    return Buffer.concat(pieces);
  }
}

interface Reference {
  child: string;
  parent: string;
}

/** Tables after those they refer to. */
function fillable(tables: readonly TableShape[], references: readonly Reference[]): TableShape[] {
  const ordered: TableShape[] = [];
  const visit = (table: TableShape, path: readonly string[]): void => {
    if (ordered.includes(table)) return;
    if (path.includes(table.name)) throw new Error(`tables refer to one another in a circle: ${path.join(', ')}`);
    for (const { child, parent } of references) {
      const before = tables.find(({ name }) => name === parent);
      if (child === table.name && before) visit(before, [...path, table.name]);
    }
    ordered.push(table);
  };
  for (const table of tables) visit(table, []);
  return ordered;
}

/** How many rows are in a binary COPY. Each row is a count of fields and each field its length and bytes; -1 is the end of rows, or a field that is NULL. */
export function rowsIn(bytes: Buffer): number {
  let rows = 0;
  for (let at = HEADER_BYTES; at < bytes.length;) {
    const fields = bytes.readInt16BE(at);
    if (fields === -1) return rows;
    at += 2;
    for (let field = 0; field < fields; field += 1) at += 4 + Math.max(0, bytes.readInt32BE(at));
    rows += 1;
  }
  throw new Error('a COPY that has no end');
}

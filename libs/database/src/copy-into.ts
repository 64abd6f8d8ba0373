import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { QueryRunner } from 'typeorm';

/**
 * Adds rows by `COPY … WITH (FORMAT binary)`. PostgreSQL refuses to COPY into a table under row-level security, so they
 * go through a temporary one, and the policies see them on their way from there.
 */
export async function copyInto(
  runner: QueryRunner,
  { table, columns }: { table: string; columns: readonly string[] },
  rows: Uint8Array,
): Promise<void> {
  const names = columns.join(', ');
  const staging = `staged_${table}`;
  await runner.query(`CREATE TEMP TABLE ${staging} ON COMMIT DROP AS SELECT ${names} FROM ${table} WITH NO DATA`);
  const client = (await runner.connect()) as PoolClient;
  const copy = client.query(copyFrom(`COPY ${staging} FROM STDIN WITH (FORMAT binary)`));
  await pipeline(Readable.from([rows], { objectMode: true }), copy);
  await runner.query(`INSERT INTO ${table} (${names}) SELECT ${names} FROM ${staging}`);
  await runner.query(`DROP TABLE ${staging}`);
}

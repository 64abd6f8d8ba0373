import type { Pool, QueryResult } from 'pg';
import type { DataSource } from 'typeorm';

/**
 * Runs SQL on a connection of its own, as the owner of the tables. It may be several statements, which bring their own
 * BEGIN and COMMIT; the rows are those of all of them, in turn. After a failure the pool closes the connection, so
 * nobody finds itself in a transaction that was left half-way.
 */
export async function statement(dataSource: DataSource, sql: string, parameters?: unknown[]): Promise<unknown[]> {
  const { master } = dataSource.driver as unknown as { master: Pool };
  const answer: unknown = await master.query(sql, parameters);
  // Without parameters they go as one message, and each statement has its own result.
  const results = (Array.isArray(answer) ? answer : [answer]) as QueryResult<object>[];
  return results.flatMap((result) => result.rows);
}

/** What time it is at the server. A connection that says nothing for `patienceMs` is closed: who is next would wait too. */
export async function serverTime(dataSource: DataSource, patienceMs: number): Promise<Date> {
  const { master } = dataSource.driver as unknown as { master: Pool };
  const ask = { text: 'SELECT clock_timestamp() AS now', query_timeout: patienceMs };
  const { rows } = await master.query<{ now: Date }>(ask);
  return rows[0]!.now;
}

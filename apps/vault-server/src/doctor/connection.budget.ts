import type { OpenedDatabase } from '#database';

export interface ConnectionBudget {
  servers: number;
  /** Connections of one server's pool. */
  pool: number;
  /** What all pools together may take … */
  needed: number;
  /** … and what PostgreSQL gives to those who are no superusers. */
  given: number;
}

interface Row {
  given: number;
  servers: number;
}

/** Servers are told apart by their addresses; without pg_monitor only those of the own role are seen. */
const SEEN = `SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int AS given,
  (SELECT count(DISTINCT client_addr)::int FROM pg_stat_activity
    WHERE application_name = 'vault-server' AND pid <> pg_backend_pid()) AS servers`;

/** Each server opens a pool of its own; together they must leave room for whoever has to help. */
export async function connectionBudget(
  { statement }: Pick<OpenedDatabase, 'statement'>,
  pool: number,
  replicas?: number,
): Promise<ConnectionBudget> {
  const [row] = (await statement(SEEN)) as Row[];
  const servers = replicas ?? Math.max(1, row!.servers);
  return { servers, pool, needed: servers * pool, given: row!.given };
}

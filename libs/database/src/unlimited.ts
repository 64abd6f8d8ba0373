import type { PoolClient } from 'pg';
import type { DataSource } from 'typeorm';

interface Limited {
  connectionParameters: { query_timeout: number | false };
}

/**
 * A connection whose statements may take as long as they take, out of the pool until it is let go. The driver's own limit
 * is not for what moves whole tables: it would also strike at a COPY that has ended long ago.
 */
export async function unlimited(dataSource: DataSource): Promise<{ client: PoolClient; release: () => Promise<void> }> {
  const runner = dataSource.createQueryRunner();
  const client = (await runner.connect()) as PoolClient;
  const limits = (client as unknown as Limited).connectionParameters;
  const usual = limits.query_timeout;
  limits.query_timeout = false;
  const release = async (): Promise<void> => {
    limits.query_timeout = usual;
    await runner.release();
  };
  return { client, release };
}

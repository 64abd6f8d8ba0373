import type { PoolClient } from 'pg';
import type { QueryRunner } from 'typeorm';
import { isSilent } from './database.errors.ts';

/**
 * Commits, and means it: PostgreSQL answers the COMMIT of a transaction in which a statement failed with a ROLLBACK, and
 * not with an error. Code that caught the failure would take what it wrote for durable.
 */
export async function commit(runner: QueryRunner): Promise<void> {
  const client = (await runner.connect()) as PoolClient;
  const { command } = await client.query('COMMIT');
  if (command !== 'COMMIT') throw new Error('a statement failed, so the transaction cannot commit');
}

/** Rolls back. A connection that cannot even do that is dead, and with it its transaction: nobody gets it again. */
export async function giveUp(runner: QueryRunner, error: unknown): Promise<void> {
  if (!runner.isTransactionActive || runner.isReleased) return;
  try {
    if (isSilent(error)) throw error;
    await runner.rollbackTransaction();
  } catch {
    const client = (await runner.connect().catch(() => null)) as PoolClient | null;
    // Marks it as ending at once, so the pool does not take it back; its goodbye may take long or fail.
    (client as unknown as { end(): Promise<void> } | null)?.end().catch(() => undefined);
  }
}

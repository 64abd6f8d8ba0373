import type { PoolClient } from 'pg';
import type { QueryRunner } from 'typeorm';

/** The driver's own pipelining, which it has for whole connections; one that copies cannot have it all the time. */
type Pipelining = PoolClient & { pipeline: boolean };

/** Sends statements to the server without waiting for the answers in between. See `Database.inTurn`. */
export async function inTurn<T extends readonly unknown[]>(
  runner: QueryRunner,
  statements: { [K in keyof T]: () => Promise<T[K]> },
): Promise<T> {
  const client = (await runner.connect()) as Pipelining;
  client.pipeline = true;
  try {
    // All of them end before anything else is asked of the connection, however they end.
    const ended = await Promise.allSettled(statements.map((statement) => statement()));
    const failed = ended.find((each) => each.status === 'rejected');
    if (failed) throw failed.reason;
    return ended.map((each) => (each as PromiseFulfilledResult<unknown>).value) as unknown as T;
  } finally {
    client.pipeline = false;
  }
}

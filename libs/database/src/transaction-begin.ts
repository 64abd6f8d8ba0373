import { escapeLiteral } from 'pg';
import type { QueryRunner } from 'typeorm';

/**
 * How long one transaction may wait: for a lock, for one statement, and for its own code. The server ends what takes
 * longer, so that a lock somebody forgot costs errors and not the whole service.
 */
const LIMITS = {
  lock_timeout: '5s',
  statement_timeout: '25s',
  idle_in_transaction_session_timeout: '30s',
};

/**
 * Begins a transaction with its limits and with settings of its own, in one message: every request waits for the way there
 * and back. Such a message takes no parameters, so the texts are written into it as literals.
 */
export async function begin(runner: QueryRunner, settings: Record<string, string>): Promise<void> {
  const calls = Object.entries({ ...LIMITS, ...settings }).map(
    (setting) => `set_config(${setting.map(literal).join(', ')}, true)`,
  );
  // Before the server is asked: where the answer gets lost a transaction may be under way, and has to be given up.
  Object.assign(runner, { isTransactionActive: true, transactionDepth: 1 });
  await runner.query(`START TRANSACTION; SELECT ${calls.join(', ')}`);
}

/** The message ends at a NUL, wherever that stands. */
function literal(text: string): string {
  if (text.includes('\0')) throw new RangeError('a setting of a transaction holds a NUL');
  return escapeLiteral(text);
}

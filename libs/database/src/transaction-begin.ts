import { escapeLiteral } from 'pg';
import type { QueryRunner } from 'typeorm';

/**
 * Begins a transaction with settings of its own, in one message: every request waits for the way there and back. Such a
 * message takes no parameters, so the texts are written into it as literals.
 */
export async function begin(runner: QueryRunner, settings: readonly (readonly [string, string])[]): Promise<void> {
  const calls = settings.map((setting) => `set_config(${setting.map(literal).join(', ')}, true)`);
  // Before the server is asked: where the answer gets lost a transaction may be under way, and has to be given up.
  Object.assign(runner, { isTransactionActive: true, transactionDepth: 1 });
  await runner.query(`START TRANSACTION; SELECT ${calls.join(', ')}`);
}

/** The message ends at a NUL, wherever that stands. */
function literal(text: string): string {
  if (text.includes('\0')) throw new RangeError('a setting of a transaction holds a NUL');
  return escapeLiteral(text);
}

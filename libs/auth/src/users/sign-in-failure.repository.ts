import { LessThan } from 'typeorm';
import type { Database } from '#database';
import { SignInFailure } from './sign-in-failure.entity.ts';

/** Failures in a row that cost nothing: people mistype. */
const FREE = 9;
/** The wait after the tenth; it doubles with each one after that, up to a day. */
const FIRST_WAIT_SECONDS = 600;
const LONGEST_WAIT_SECONDS = 86_400;
/** So many in a row are never exceeded: after that time alone opens nothing any more, only an administrator does. */
const MOST = 100;

export class SignInFailureRepository {
  constructor(private readonly database: Database) {}

  /**
   * Counts one more, and gives 0; or the seconds to wait when there were too many, and counts nothing. One statement: no race.
   * By the clock, as a transaction that had to wait for another one may have begun before it.
   */
  async count(identity: Buffer): Promise<number> {
    const counted = await this.database.query(
      `INSERT INTO sign_in_failures AS f (identity, failures, last_at, blocked_until) VALUES ($1, 1, now(), now())
         ON CONFLICT (identity) DO UPDATE SET
           failures = f.failures + 1,
           last_at = now(),
           blocked_until = CASE
             WHEN f.failures + 1 >= $5 THEN 'infinity'
             WHEN f.failures + 1 > $2
               THEN now() + make_interval(secs => least($3 * 2.0 ^ (f.failures - $2), $4))
             ELSE now() END
         WHERE f.blocked_until <= clock_timestamp()
         RETURNING 1`,
      [identity, FREE, FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS, MOST],
    );
    if (counted.length > 0) return 0;
    const [row] = await this.database.query<{ seconds: number }>(
      `SELECT ceil(extract(epoch FROM least(blocked_until, now() + make_interval(secs => $2)) - now()))::integer AS seconds
         FROM sign_in_failures WHERE identity = $1`,
      [identity, LONGEST_WAIT_SECONDS],
    );
    return Math.max(row?.seconds ?? 1, 1);
  }

  async clear(identity: Buffer): Promise<void> {
    const failures = this.database.repository(SignInFailure);
    await failures.delete({ identity });
    // Row-level security opens no others than those that are long forgotten.
    await failures.delete({ lastAt: LessThan(new Date(Date.now() - 90 * 86_400_000)) });
  }
}

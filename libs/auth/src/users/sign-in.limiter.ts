import type { Database } from '#database';
import { SignInBlocked } from '../auth.errors.ts';
import { hashOf } from '../opaque-token.ts';
import type { SignInFailureRepository } from './sign-in-failure.repository.ts';

/**
 * Stops guessing (NIST SP 800-63B-4, 3.2.2). Counted is before the guess is looked at, so that many at once are many;
 * what turns out right takes the count away. The key is what was typed, whether there is such an account or not.
 */
export class SignInLimiter {
  constructor(
    private readonly database: Database,
    private readonly failures: SignInFailureRepository,
  ) {}

  /** Counts one attempt. @throws SignInBlocked, and then it was none */
  async attempt(identity: string): Promise<void> {
    const key = hashOf(`vault/sign-in/${identity}`);
    const seconds = await this.scoped(key, () => this.failures.count(key));
    if (seconds > 0) throw new SignInBlocked().with({ retryAfter: seconds });
  }

  /** After a success, or when an administrator says so. */
  async forgive(identity: string): Promise<void> {
    const key = hashOf(`vault/sign-in/${identity}`);
    await this.scoped(key, () => this.failures.clear(key));
  }

  private scoped<T>(key: Buffer, work: () => Promise<T>): Promise<T> {
    return this.database.withoutTenant({ 'vault.presented': key.toString('hex') }, work);
  }
}

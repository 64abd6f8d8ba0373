import { SignInBlocked, Unauthorized } from '../auth.errors.ts';
import type { AuthenticationLog, Told } from '../authentication.log.ts';
import type { SecondFactorsService } from '../second-factor/second-factors.service.ts';
import type { Passwords } from '../users/passwords.ts';
import type { SignInLimiter } from '../users/sign-in.limiter.ts';
import { canonicalEmail, type User } from '../users/user.entity.ts';
import type { UserRepository } from '../users/user.repository.ts';
import type { SessionsService, SignedIn } from './sessions.service.ts';
import type { Tokens } from './tokens.ts';

const WRONG_CREDENTIALS = 'The e-mail address or the password is wrong.';
const WRONG_CODE = 'The code is wrong, was used before, or the sign-in took too long.';

/** The password was right, and a code is wanted next. */
export interface HalfSignedIn {
  pendingToken: string;
  expiresIn: number;
}

export interface SignInParts {
  users: UserRepository;
  passwords: Passwords;
  limiter: SignInLimiter;
  tokens: Tokens;
  sessions: SessionsService;
  secondFactors: SecondFactorsService;
  authentications: AuthenticationLog;
}

/** People showing who they are: a password, and a second factor where there is one. */
export class SignIns {
  constructor(private readonly parts: SignInParts) {}

  /**
   * @throws Unauthorized, after the same work, whether the account is unknown, disabled, or the password wrong
   * @throws SignInBlocked, whether the account is unknown or not
   */
  async signIn(email: string, password: string, userAgent?: string): Promise<SignedIn | HalfSignedIn> {
    const { users, passwords, limiter, authentications } = this.parts;
    authentications.attempt();
    const user = await users.findForSignIn(email);
    const identity = canonicalEmail(email);
    const told: Told = { action: 'auth.sign-in', method: 'password', result: 'denied' };
    await this.counted(identity, user, told);
    const matches = await passwords.matches(user?.passwordHash ?? null, password);
    if (!user || !matches || user.disabledAt || user.lockedAt) {
      await authentications.tell(user, { ...told, reason: user && matches ? 'the account is closed' : undefined });
      throw new Unauthorized(WRONG_CREDENTIALS);
    }
    await limiter.forgive(identity);
    return this.proceed(user, 'password', userAgent);
  }

  /** Opens a session for who has taken the first step by `method`, or asks for the second one. */
  async proceed(user: User, method: string, userAgent?: string): Promise<SignedIn | HalfSignedIn> {
    const { tokens, sessions, secondFactors, authentications } = this.parts;
    if (!(await secondFactors.isWanted(user))) return sessions.open(user, method, userAgent);
    await authentications.tell(user, { action: `auth.${method}`, method, result: 'allowed' });
    const pendingToken = await tokens.issuePending({ userId: user.id, tenantId: user.tenantId, method });
    return { pendingToken, expiresIn: tokens.pendingLifetime };
  }

  /** The second step: a code of the authenticator app, or one of the recovery codes. @throws Unauthorized, SignInBlocked */
  async complete(pendingToken: string, code: string, userAgent?: string): Promise<SignedIn> {
    const { users, limiter, tokens, sessions, secondFactors, authentications } = this.parts;
    authentications.attempt();
    const told: Told = { action: 'auth.sign-in', method: 'second-factor', result: 'denied' };
    const claims = await tokens.verifyPending(pendingToken).catch(async () => {
      await authentications.tell(null, told);
      throw new Unauthorized(WRONG_CODE);
    });
    const user = await users.find(claims.tenantId, claims.userId);
    // Guesses of codes count for themselves: whoever makes them has the password already.
    const identity = `second-factor ${claims.userId}`;
    await this.counted(identity, user, told);
    const method = user && !user.disabledAt && !user.lockedAt ? await secondFactors.check(user, code) : null;
    if (!user || !method) {
      await authentications.tell(user, told);
      throw new Unauthorized(WRONG_CODE);
    }
    await limiter.forgive(identity);
    return sessions.open(user, `${claims.method}+${method}`, userAgent);
  }

  private async counted(identity: string, user: User | null, told: Told): Promise<void> {
    try {
      await this.parts.limiter.attempt(identity);
    } catch (error) {
      if (error instanceof SignInBlocked) {
        await this.parts.authentications.tell(user, { ...told, reason: 'too many failures in a row' });
      }
      throw error;
    }
  }
}

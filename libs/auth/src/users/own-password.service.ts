import type { Audit } from '#audit';
import type { Database } from '#database';
import { type Principal, showId } from '#kernel';
import { InvitationInvalid, Unauthorized } from '../auth.errors.ts';
import type { AuthenticationLog, Told } from '../authentication.log.ts';
import { hashOf, isOpaqueToken } from '../opaque-token.ts';
import type { Revocations } from '../revocations.ts';
import { checkPassword } from './password.rules.ts';
import type { Passwords } from './passwords.ts';
import type { SignInLimiter } from './sign-in.limiter.ts';
import type { UserRepository } from './user.repository.ts';

export interface OwnPasswordParts {
  database: Database;
  users: UserRepository;
  passwords: Passwords;
  limiter: SignInLimiter;
  revocations: Revocations;
  authentications: AuthenticationLog;
  audit: Audit;
}

/** People choosing their own passwords. A new one ends the sessions that the old one may have opened. */
export class OwnPasswordService {
  constructor(private readonly parts: OwnPasswordParts) {}

  /** @throws Unauthorized when the current password is wrong, SignInBlocked, PasswordRefused */
  async change(caller: Principal, current: string, next: string): Promise<void> {
    const { users, passwords, limiter, authentications, database } = this.parts;
    const user = await users.find(caller.tenantId, caller.id);
    if (!user) throw new Unauthorized();
    const told: Told = { action: 'auth.password', method: 'password', result: 'denied' };
    // Whoever has found an open session could guess here without end.
    await limiter.attempt(user.email);
    if (!(await passwords.matches(user.passwordHash, current))) {
      await authentications.tell(user, told);
      throw new Unauthorized('The current password is wrong.');
    }
    await limiter.forgive(user.email);
    checkPassword(next, user.email, '/new_password');
    const passwordHash = await passwords.hash(next);
    await database.inTenant(user.tenantId, async () => {
      await users.update(user.id, { passwordHash, inviteHash: null, inviteExpiresAt: null });
      await this.changed(caller, caller.sessionId);
    });
  }

  /** Sets a password by an invitation, which works once. @throws InvitationInvalid, PasswordRefused */
  async accept(invitation: string, password: string): Promise<void> {
    const { users, passwords, limiter, database } = this.parts;
    const hash = hashOf(invitation);
    const user = isOpaqueToken('ldi', invitation) ? await users.findInvited(hash) : null;
    if (!user) return this.refuse(null);
    checkPassword(password, user.email, '/password');
    const passwordHash = await passwords.hash(password);
    const accepted = await database.inTenant(user.tenantId, async () => {
      if (!(await users.accept(user.id, hash, passwordHash))) return false;
      await this.changed(user);
      return true;
    });
    if (!accepted) return this.refuse(user);
    await limiter.forgive(user.email);
  }

  private async refuse(user: { id: string; tenantId: string } | null): Promise<never> {
    await this.parts.authentications.tell(user, { action: 'auth.invitation', method: 'invitation', result: 'denied' });
    throw new InvitationInvalid();
  }

  private async changed(user: { id: string; tenantId: string }, except?: string): Promise<void> {
    await this.parts.audit.append(user, { action: 'user.password', resource: showId('usr', user.id) });
    await this.parts.revocations.user(user, user.id, { because: 'the password was changed', except });
  }
}

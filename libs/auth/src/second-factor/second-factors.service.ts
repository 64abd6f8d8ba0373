import { randomFillSync } from 'node:crypto';
import type { Audit, AuditActor } from '#audit';
import type { KeyService } from '#crypto';
import type { Database } from '#database';
import { type Clock, type Principal, showId } from '#kernel';
import { CodeWrong, SecondFactorConfirmed, SecondFactorMissing, UserNotFound } from '../auth.errors.ts';
import type { Known } from '../authentication.log.ts';
import type { SignInLimiter } from '../users/sign-in.limiter.ts';
import type { UserRepository } from '../users/user.repository.ts';
import { newRecoveryCodes, recoveryHash } from './recovery-codes.ts';
import type { SecondFactor } from './second-factor.entity.ts';
import type { SecondFactorRepository } from './second-factor.repository.ts';
import { base32, otpauthUri, stepOf } from './totp.ts';

export interface SecondFactorParts {
  database: Database;
  factors: SecondFactorRepository;
  users: UserRepository;
  keys: KeyService;
  limiter: SignInLimiter;
  audit: Audit;
  clock: Clock;
  /** What an app shows the account under. */
  issuer: string;
}

/** Authenticator apps as a second factor, with codes for the day the phone is lost. */
export class SecondFactorsService {
  constructor(private readonly parts: SecondFactorParts) {}

  /** Makes a secret for an app. It counts once `confirm` has seen a code of it. @throws SecondFactorConfirmed */
  async enrol(caller: Principal): Promise<{ secret: string; uri: string }> {
    const { database, factors, users, keys, issuer } = this.parts;
    const user = await users.find(caller.tenantId, caller.id);
    const secret = randomFillSync(new Uint8Array(32));
    const wrapped = await keys.wrapUserSecret(placeOf(caller), secret);
    const offered = await database.inTenant(caller.tenantId, async () => {
      await this.tell(caller, 'second-factor.enrol', caller.id);
      return factors.offer({
        userId: caller.id,
        tenantId: caller.tenantId,
        tenantKeyVersion: wrapped.tenantKeyVersion,
        secretSalt: Buffer.from(wrapped.salt),
        secretWrapped: Buffer.from(wrapped.wrapped),
        secretCommitment: Buffer.from(wrapped.commitment),
        recoveryHashes: [],
      });
    });
    if (!offered || !user) throw new SecondFactorConfirmed();
    const shown = { secret: base32(secret), uri: otpauthUri(secret, issuer, user.email) };
    secret.fill(0);
    return shown;
  }

  /** From now on a sign-in needs a code. Gives the recovery codes, this once. @throws SecondFactorMissing, CodeWrong */
  async confirm(caller: Principal, code: string): Promise<string[]> {
    const { database, factors } = this.parts;
    const factor = await this.find(caller);
    if (!factor || factor.confirmedAt) throw new SecondFactorMissing();
    if (!(await this.takeStep(factor, code))) throw new CodeWrong();
    const codes = newRecoveryCodes();
    await database.inTenant(caller.tenantId, async () => {
      if (!(await factors.confirm(caller.id, codes.map(recoveryHash)))) throw new SecondFactorMissing();
      await this.tell(caller, 'second-factor.confirm', caller.id);
    });
    return codes;
  }

  /** Takes the second factor away, with a code of it. @throws SecondFactorMissing, CodeWrong, SignInBlocked */
  async remove(caller: Principal, code: string): Promise<void> {
    if (!(await this.isWanted(caller))) throw new SecondFactorMissing();
    const identity = `second-factor ${caller.id}`;
    await this.parts.limiter.attempt(identity);
    if (!(await this.check(caller, code))) throw new CodeWrong();
    await this.parts.limiter.forgive(identity);
    await this.take(caller, caller.id);
  }

  /** Takes that of another user away: whoever has lost phone and codes asks an administrator. @throws UserNotFound, SecondFactorMissing */
  async reset(caller: Principal, userId: string): Promise<void> {
    if (!(await this.parts.users.find(caller.tenantId, userId))) throw new UserNotFound();
    await this.take(caller, userId);
  }

  /** Whether this user signs in with a second factor. */
  async isWanted(user: Known): Promise<boolean> {
    return Boolean((await this.find(user))?.confirmedAt);
  }

  /** How many recovery codes are left; null without a second factor. */
  async recoveryCodesLeft(user: Known): Promise<number | null> {
    const factor = await this.find(user);
    return factor?.confirmedAt ? factor.recoveryHashes.length : null;
  }

  /** What kind of code it is, used up now; null when it is wrong or was used before. */
  async check(user: Known, code: string): Promise<'totp' | 'recovery-code' | null> {
    const factor = await this.find(user);
    if (!factor?.confirmedAt) return null;
    if (await this.takeStep(factor, code)) return 'totp';
    const { database, factors } = this.parts;
    const isRecovery = await database.inTenant(user.tenantId, async () => {
      if (!(await factors.useRecovery(user.id, recoveryHash(code)))) return false;
      await this.tell(user, 'second-factor.recover', user.id);
      return true;
    });
    return isRecovery ? 'recovery-code' : null;
  }

  private async takeStep(factor: SecondFactor, code: string): Promise<boolean> {
    const { keys, clock, database, factors } = this.parts;
    const { tenantKeyVersion, secretSalt: salt, secretWrapped: wrapped, secretCommitment: commitment } = factor;
    const place = placeOf({ id: factor.userId, tenantId: factor.tenantId });
    const secret = await keys.unwrapUserSecret(place, { tenantKeyVersion, salt, wrapped, commitment });
    const step = stepOf(secret, code, clock.now());
    secret.fill(0);
    return step !== null && database.inTenant(factor.tenantId, () => factors.useStep(factor.userId, step));
  }

  private take(caller: AuditActor, userId: string): Promise<void> {
    return this.parts.database.inTenant(caller.tenantId, async () => {
      if (!(await this.parts.factors.remove(userId))) throw new SecondFactorMissing();
      await this.tell(caller, 'second-factor.remove', userId);
    });
  }

  private find({ id, tenantId }: Known): Promise<SecondFactor | null> {
    return this.parts.database.inTenant(tenantId, () => this.parts.factors.find(id));
  }

  private tell(actor: AuditActor, action: string, userId: string): Promise<void> {
    return this.parts.audit.append(actor, { action, resource: showId('usr', userId) });
  }
}

function placeOf({ id, tenantId }: Known): { tenantId: string; userId: string; use: 'totp' } {
  return { tenantId, userId: id, use: 'totp' };
}

import type { Audit, AuditActor } from '#audit';
import { type Database, violates } from '#database';
import { idAfter, newId, type Page, pageById, type Principal, showId } from '#kernel';
import type { AccessEpochs } from '../access-epochs.ts';
import { EmailTaken, OwnAccount, UserNotFound } from '../auth.errors.ts';
import { hashOf, newOpaqueToken } from '../opaque-token.ts';
import type { Revocations, Revoked } from '../revocations.ts';
import { checkPassword } from './password.rules.ts';
import type { Passwords } from './passwords.ts';
import type { SignInLimiter } from './sign-in.limiter.ts';
import { canonicalEmail, type User } from './user.entity.ts';
import type { UserRepository } from './user.repository.ts';

const INVITATION_MS = 3 * 86_400_000;

export interface UserParts {
  database: Database;
  users: UserRepository;
  passwords: Passwords;
  limiter: SignInLimiter;
  revocations: Revocations;
  epochs: AccessEpochs;
  audit: Audit;
}

export interface Invited {
  user: User;
  /** Sets a password once; null when there is one already. Said only here. */
  invitation: string | null;
}

/** The people of a tenant, as its administrators see them. */
export class UsersService {
  constructor(private readonly parts: UserParts) {}

  /** Makes a user with a first password, or with an invitation to choose one. @throws EmailTaken, PasswordRefused */
  async create(caller: AuditActor, wanted: { email: string; roles: string[]; password?: string }): Promise<Invited> {
    const { database, users, passwords, audit } = this.parts;
    const [id, email] = [newId(), canonicalEmail(wanted.email)];
    if (wanted.password !== undefined) checkPassword(wanted.password, email, '/password');
    const passwordHash = wanted.password === undefined ? null : await passwords.hash(wanted.password);
    const { invitation, ...invited } = passwordHash ? NOT_INVITED : newInvitation();
    try {
      return await database.inTenant(caller.tenantId, async () => {
        await users.insert({ id, tenantId: caller.tenantId, email, passwordHash, roles: wanted.roles, ...invited });
        await audit.append(caller, { action: 'user.create', resource: showId('usr', id) });
        return { user: await this.mustFind(caller.tenantId, id), invitation };
      });
    } catch (error) {
      if (violates(error, 'users_email_key')) throw new EmailTaken();
      throw error;
    }
  }

  /** @throws UserNotFound */
  get(caller: Principal, id: string): Promise<User> {
    return this.mustFind(caller.tenantId, id);
  }

  /** Oldest first. @throws BadCursor */
  async list(caller: Principal, limit: number, cursor?: string): Promise<Page<User>> {
    const after = idAfter(cursor);
    return this.parts.database.inTenant(caller.tenantId, async () => {
      const rows = await this.parts.users.page(limit + 1, after);
      return pageById(rows, limit);
    });
  }

  /** Other roles; or closed, which ends every session, or open again. @throws UserNotFound, OwnAccount */
  change(caller: Principal, id: string, { roles, disabled }: { roles?: string[]; disabled?: boolean }): Promise<User> {
    const change: Partial<User> = {
      ...(roles && { roles }),
      ...(disabled !== undefined && { disabledAt: disabled ? new Date() : null }),
    };
    const details = { ...(roles && { roles: roles.join(' ') }), ...(disabled !== undefined && { disabled }) };
    return this.alter(caller, id, { action: 'user.change', change, details }, async () => {
      if (disabled) await this.parts.revocations.user(caller, id, { because: 'the account was disabled' });
    });
  }

  /** Lets nothing of a user in, until `unlock`. Sessions and keys are there again afterwards. @throws UserNotFound, OwnAccount */
  lock(caller: Principal, id: string): Promise<User> {
    return this.alter(caller, id, { action: 'user.lock', change: { lockedAt: new Date() } });
  }

  /** Also forgets failed sign-ins. @throws UserNotFound */
  async unlock(caller: AuditActor, id: string): Promise<User> {
    const user = await this.alter(caller, id, { action: 'user.unlock', change: { lockedAt: null } });
    await this.parts.limiter.forgive(user.email);
    await this.parts.limiter.forgive(`second-factor ${id}`);
    return user;
  }

  /** Ends every session of a user, takes an open invitation back and, when asked to, ends every API key. @throws UserNotFound */
  revoke(caller: AuditActor, id: string, { apiKeys }: { apiKeys: boolean }): Promise<Revoked> {
    const { database, users, revocations } = this.parts;
    return database.inTenant(caller.tenantId, async () => {
      await this.mustFind(caller.tenantId, id);
      await users.update(id, { inviteHash: null, inviteExpiresAt: null });
      return revocations.user(caller, id, { because: 'revoked by an administrator', apiKeys });
    });
  }

  /** A new invitation; an earlier one is worth nothing any more. With it the user sets another password. @throws UserNotFound */
  async invite(caller: Principal, id: string): Promise<Invited> {
    const { invitation, ...change } = newInvitation();
    const user = await this.alter(caller, id, { action: 'user.invite', change });
    return { user, invitation };
  }

  private async alter(
    caller: AuditActor,
    id: string,
    what: { action: string; change: Partial<User>; details?: Record<string, string | boolean> },
    also: () => Promise<void> = async () => undefined,
  ): Promise<User> {
    const { database, users, audit, epochs } = this.parts;
    // Whoever is the last administrator would leave nobody who could take it back.
    if (id === caller.id && OTHERS_ONLY.includes(what.action)) throw new OwnAccount();
    return database.inTenant(caller.tenantId, async () => {
      await this.mustFind(caller.tenantId, id);
      if (Object.keys(what.change).length > 0) await users.update(id, what.change);
      await audit.append(caller, { action: what.action, resource: showId('usr', id), details: what.details });
      await also();
      await epochs.raise(caller.tenantId);
      return this.mustFind(caller.tenantId, id);
    });
  }

  private async mustFind(tenantId: string, id: string): Promise<User> {
    const user = await this.parts.users.find(tenantId, id);
    if (!user) throw new UserNotFound();
    return user;
  }
}

const OTHERS_ONLY = ['user.change', 'user.lock'];

const NOT_INVITED = { invitation: null, inviteHash: null, inviteExpiresAt: null };

function newInvitation(): { invitation: string; inviteHash: Buffer; inviteExpiresAt: Date } {
  const invitation = newOpaqueToken('ldi');
  return { invitation, inviteHash: hashOf(invitation), inviteExpiresAt: new Date(Date.now() + INVITATION_MS) };
}

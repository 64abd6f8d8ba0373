import type { Database } from '#database';
import { currentContext, newId, type Principal, showId } from '#kernel';
import { SessionNotFound, Unauthorized } from '../auth.errors.ts';
import type { AuthenticationLog, Known, Told } from '../authentication.log.ts';
import { hashOf, isOpaqueToken, newOpaqueToken } from '../opaque-token.ts';
import type { Revocations } from '../revocations.ts';
import type { RefreshToken } from './refresh-token.entity.ts';
import type { Session } from './session.entity.ts';
import type { SessionRepository } from './session.repository.ts';
import { type TokenKeys, successorOf } from './token-keys.ts';
import type { Tokens } from './tokens.ts';

/** How long after its use a token gives the same successor again: a client that lost the answer repeats its request. */
const GRACE_SECONDS = 10;
const REUSED = 'a refresh token was used twice';

export interface SignedIn {
  accessToken: string;
  refreshToken: string;
  expiresIn: number;
}

export interface SessionParts {
  database: Database;
  sessions: SessionRepository;
  tokens: Tokens;
  keys: TokenKeys;
  revocations: Revocations;
  authentications: AuthenticationLog;
}

/** Sessions: each a family of refresh tokens, of which every one works once. */
export class SessionsService {
  constructor(private readonly parts: SessionParts) {}

  /** Opens a session for who has shown who they are, and tells of it in the same transaction. @throws AuditUnavailable */
  async open(user: Known, method: string, userAgent?: string): Promise<SignedIn> {
    const { database, sessions, tokens, keys, authentications } = this.parts;
    const id = newId();
    const refreshToken = newOpaqueToken('ldr');
    const told: Told = { action: 'auth.sign-in', method, result: 'allowed' };
    await database.inTenant(user.tenantId, async () => {
      const ip = currentContext()?.ip ?? null;
      const device = userAgent?.replaceAll(/[^\x20-\x7e]/g, '').slice(0, 200) ?? null;
      await sessions.clear(user.id);
      await sessions.open({ id, tenantId: user.tenantId, userId: user.id, method, ip, userAgent: device });
      await sessions.insertToken(hashOf(refreshToken), id, keys.current.id);
      await authentications.append({ id: user.id, tenantId: user.tenantId, sessionId: id }, told);
    });
    authentications.say(user, told);
    return this.answer({ ...user, sessionId: id }, refreshToken, tokens.lifetime);
  }

  /**
   * Takes a refresh token for its successor and a new access token.
   *
   * @throws Unauthorized. When the token was used up before, somebody has a copy of it, and the whole session ends.
   */
  async refresh(token: string): Promise<SignedIn> {
    const { sessions, keys, authentications, tokens, database } = this.parts;
    const row = isOpaqueToken('ldr', token) ? await sessions.findPresented(hashOf(token)) : null;
    const key = row && keys.find(row.keyId);
    if (!row || !key) {
      authentications.say(null, { action: 'auth.refresh', method: 'refresh-token', result: 'denied' });
      throw new Unauthorized();
    }
    const successor = successorOf(key, token);
    const { user, told } = await database.inTenant(row.tenantId, () => this.rotate(row, hashOf(successor)));
    authentications.say(user, told);
    if (told.result === 'denied') throw new Unauthorized();
    return this.answer({ ...user, sessionId: row.sessionId }, successor, tokens.lifetime);
  }

  /** Ends the session the caller speaks through. @throws SessionNotFound for a caller who speaks through none */
  async logout(caller: Principal): Promise<void> {
    const { authentications, revocations } = this.parts;
    const { sessionId } = caller;
    if (!sessionId) throw new SessionNotFound();
    await revocations.session(caller, caller.id, sessionId, 'signed out');
    authentications.say(caller, { action: 'auth.sign-out', method: 'access-token', result: 'allowed' });
  }

  /** The caller's own, newest first. */
  list(caller: Principal): Promise<Session[]> {
    return this.parts.database.inTenant(caller.tenantId, () => this.parts.sessions.active(caller.id));
  }

  /** Ends one of the caller's own. @throws SessionNotFound */
  end(caller: Principal, id: string): Promise<void> {
    return this.parts.database.inTenant(caller.tenantId, async () => {
      const ended = await this.parts.revocations.session(caller, caller.id, id, 'ended by its user');
      if (!ended) throw new SessionNotFound();
    });
  }

  /** Ends all of the caller's own, also the one that asks. */
  async endAll(caller: Principal): Promise<void> {
    await this.parts.revocations.user(caller, caller.id, { because: 'ended by its user' });
  }

  private async rotate(token: RefreshToken, successor: Buffer): Promise<{ user: Known; told: Told }> {
    const { sessions, keys, authentications, revocations } = this.parts;
    const session = (await sessions.find(token.sessionId))!;
    const user = { id: session.userId, tenantId: session.tenantId, sessionId: session.id };
    const resource = showId('ses', session.id);
    const told: Told = { action: 'auth.refresh', method: 'refresh-token', result: 'allowed', resource };
    const { claimed, reused, alive } = await sessions.claim(token.hash, GRACE_SECONDS);
    if (!alive || reused) Object.assign(told, { result: 'denied', reason: reused ? REUSED : 'it has ended' });
    if (reused) await revocations.session(user, user.id, session.id, REUSED);
    if (told.result === 'allowed' && claimed) {
      await sessions.insertToken(successor, session.id, keys.current.id);
      await sessions.touch(session.id);
    }
    await authentications.append(user, told);
    return { user, told };
  }

  private async answer(
    claims: Known & { sessionId: string },
    refreshToken: string,
    expiresIn: number,
  ): Promise<SignedIn> {
    const { id: userId, tenantId, sessionId } = claims;
    return {
      accessToken: await this.parts.tokens.issue({ userId, tenantId, sessionId }),
      refreshToken,
      expiresIn,
    };
  }
}

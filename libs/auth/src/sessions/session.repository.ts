import { IsNull, LessThan, MoreThan } from 'typeorm';
import type { Database } from '#database';
import { RefreshToken } from './refresh-token.entity.ts';
import { Session } from './session.entity.ts';

/** What an attempt to use a refresh token finds. */
export interface Claim {
  /** Whether this attempt is the one that used it up. */
  claimed: boolean;
  /** Used up longer ago than a client would take to ask again. */
  reused: boolean;
  /** Whether token, session and user are still good. */
  alive: boolean;
}

export interface Lifetimes {
  /** Longest time between two refreshes. */
  idleHours: number;
  refreshDays: number;
  /** How long a session lives in all. */
  absoluteDays: number;
}

export class SessionRepository {
  constructor(
    private readonly database: Database,
    private readonly lifetimes: Lifetimes,
  ) {}

  async open(session: Pick<Session, 'id' | 'tenantId' | 'userId' | 'method' | 'ip' | 'userAgent'>): Promise<void> {
    const { id, tenantId, userId, method, ip, userAgent } = session;
    await this.database.query(
      `INSERT INTO sessions (id, tenant_id, user_id, method, ip, user_agent, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, now() + make_interval(days => $7))`,
      [id, tenantId, userId, method, ip, userAgent, this.lifetimes.absoluteDays],
    );
  }

  /** A token of the session. It never outlives it. */
  async insertToken(hash: Buffer, sessionId: string, keyId: string): Promise<void> {
    await this.database.query(
      `INSERT INTO refresh_tokens (hash, tenant_id, session_id, key_id, expires_at)
         SELECT $1, tenant_id, id, $3, least(now() + make_interval(days => $4), expires_at) FROM sessions WHERE id = $2`,
      [hash, sessionId, keyId, this.lifetimes.refreshDays],
    );
  }

  /** The row of a token somebody presents, before a tenant is known. */
  findPresented(hash: Buffer): Promise<RefreshToken | null> {
    return this.database.withoutTenant({ 'vault.presented': hash.toString('hex') }, () =>
      this.database.repository(RefreshToken).findOneBy({ hash }),
    );
  }

  /** Uses a token up. Of several that try at once one does: the others wait for it here, and find it used. */
  async claim(hash: Buffer, graceSeconds: number): Promise<Claim> {
    const claimed = await this.database.query(
      `UPDATE refresh_tokens SET used_at = now() WHERE hash = $1 AND used_at IS NULL AND expires_at > now() RETURNING 1`,
      [hash],
    );
    const [found] = await this.database.query<Omit<Claim, 'claimed'>>(
      `SELECT coalesce(t.used_at <= now() - make_interval(secs => $2), false) AS reused,
              t.expires_at > now() AND s.revoked_at IS NULL AND s.expires_at > now()
                AND s.last_used_at > now() - make_interval(hours => $3)
                AND u.disabled_at IS NULL AND u.locked_at IS NULL AS alive
         FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id JOIN users u ON u.id = s.user_id
        WHERE t.hash = $1`,
      [hash, graceSeconds, this.lifetimes.idleHours],
    );
    return { claimed: claimed.length > 0, reused: found?.reused ?? false, alive: found?.alive ?? false };
  }

  /** Marks it used now, and forgets tokens of it that could not be used any more anyway. */
  async touch(id: string): Promise<void> {
    await this.database.repository(Session).update(id, { lastUsedAt: () => 'now()' });
    await this.database
      .repository(RefreshToken)
      .createQueryBuilder()
      .delete()
      .where('session_id = :id AND expires_at < now()', { id })
      .execute();
  }

  find(id: string): Promise<Session | null> {
    return this.database.repository(Session).findOneBy({ id });
  }

  /** Those that have not ended, newest first. */
  active(userId: string): Promise<Session[]> {
    const where = { userId, revokedAt: IsNull(), expiresAt: MoreThan(new Date()) };
    return this.database.repository(Session).find({ where, order: { createdAt: 'DESC' }, take: 1000 });
  }

  /** Ends sessions, and gives how many. All of the tenant when no user is named. */
  async revoke(which: { id?: string; userId?: string; except?: string }, because: string): Promise<number> {
    const ended = await this.database.query(
      `UPDATE sessions SET revoked_at = now(), revoked_because = $1
        WHERE revoked_at IS NULL AND ($2::uuid IS NULL OR id = $2) AND ($3::uuid IS NULL OR user_id = $3)
          AND ($4::uuid IS NULL OR id <> $4) RETURNING 1`,
      [because, which.id ?? null, which.userId ?? null, which.except ?? null],
    );
    return ended.length;
  }

  /** The roles of the user of a session that still lives; null for any other. */
  async rolesOf(id: string, userId: string): Promise<string[] | null> {
    const [row] = await this.database.query<{ roles: string[] }>(
      `SELECT u.roles FROM sessions s JOIN users u ON u.id = s.user_id
        WHERE s.id = $1 AND s.user_id = $2 AND s.revoked_at IS NULL AND s.expires_at > now()
          AND u.disabled_at IS NULL AND u.locked_at IS NULL`,
      [id, userId],
    );
    return row?.roles ?? null;
  }

  /** Takes away what ended a month ago and more. */
  async clear(userId: string): Promise<void> {
    const monthAgo = new Date(Date.now() - 30 * 86_400_000);
    const sessions = this.database.repository(Session);
    const old = await sessions.find({
      select: { id: true },
      where: [
        { userId, expiresAt: LessThan(monthAgo) },
        { userId, revokedAt: LessThan(monthAgo) },
      ],
      take: 100,
    });
    for (const { id } of old) {
      await this.database.repository(RefreshToken).delete({ sessionId: id });
      await sessions.delete(id);
    }
  }
}

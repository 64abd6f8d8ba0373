import { newId, type Principal, showId } from '#kernel';
import { IdentityPlace, PASSWORD, type Server } from '../../../../test/support/identity.ts';
import { programs } from '../../../../test/support/test-database.ts';
import { TokenKeys } from './token-keys.ts';

const REFUSED = { code: 'unauthorized', kind: 'unauthenticated' };

describe.each(programs)('sessions on %s', (program) => {
  let place: IdentityPlace;
  let server: Server;
  let user: { id: string; tenantId: string; email: string };
  beforeAll(async () => {
    place = await IdentityPlace.open(program);
  });
  afterAll(() => place.close());
  beforeEach(async () => {
    server = place.server();
    user = await place.newUser();
  });

  const open = () => server.ownSessions.open(user, 'password', 'a test');
  const refresh = (token: string) => server.ownSessions.refresh(token);
  const principal = (token: string): Promise<Principal> => server.authenticator.principal(token);
  const caller = async (): Promise<Principal> => principal((await open()).accessToken);
  /** Moves the times of this user's sessions and tokens into the past. */
  const age = async (column: 'last_used_at' | 'expires_at', by: string): Promise<void> => {
    await place.query(`UPDATE sessions SET ${column} = ${column} - $2::interval WHERE user_id = $1`, [user.id, by]);
  };
  const ageTokens = async (column: 'used_at' | 'expires_at', by: string): Promise<void> => {
    await place.query(
      `UPDATE refresh_tokens SET ${column} = ${column} - $2::interval
        WHERE session_id IN (SELECT id FROM sessions WHERE user_id = $1)`,
      [user.id, by],
    );
  };

  describe('refreshing', () => {
    it('gives a new access token of the same session, and another refresh token', async () => {
      const first = await open();
      const second = await refresh(first.refreshToken);
      expect(second.refreshToken).toMatch(/^ldr_[\w-]{43}$/);
      expect(second.refreshToken).not.toBe(first.refreshToken);
      expect((await principal(second.accessToken)).sessionId).toBe((await principal(first.accessToken)).sessionId);
      const third = await refresh(second.refreshToken);
      expect(new Set([first, second, third].map(({ refreshToken }) => refreshToken)).size).toBe(3);
    });

    it('invariant 8: at once from several servers makes one successor, the same for all', async () => {
      const { refreshToken } = await open();
      const servers = [server, place.server(), place.server()];
      const all = await Promise.all(
        [...servers, ...servers, ...servers].map(({ ownSessions }) => ownSessions.refresh(refreshToken)),
      );
      expect(new Set(all.map((each) => each.refreshToken)).size).toBe(1);
      const [count] = await place.query<{ count: number }>(
        `SELECT count(*) FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id WHERE s.user_id = $1`,
        [user.id],
      );
      expect(count).toEqual({ count: 2 });
    });

    it('gives the same successor again to a client that lost the answer', async () => {
      const { refreshToken } = await open();
      const first = await refresh(refreshToken);
      await ageTokens('used_at', '9 seconds');
      expect((await refresh(refreshToken)).refreshToken).toBe(first.refreshToken);
    });

    it('with a token that was used up longer ago ends the whole session, for the thief and for the owner', async () => {
      const stolen = await open();
      const own = await refresh(stolen.refreshToken);
      await principal(own.accessToken);
      await ageTokens('used_at', '11 seconds');
      await expect(refresh(stolen.refreshToken)).rejects.toMatchObject(REFUSED);
      await expect(refresh(own.refreshToken)).rejects.toMatchObject(REFUSED);
      await expect(principal(own.accessToken)).rejects.toMatchObject(REFUSED);
      const told = (await place.events(user.id)).map(({ action, result, reason }) => [action, result, reason]);
      expect(told).toContainEqual(['session.revoke', 'allowed', 'a refresh token was used twice']);
      expect(told).toContainEqual(['auth.refresh', 'denied', 'a refresh token was used twice']);
    });

    it('ends no other session of the user', async () => {
      const [stolen, other] = [await open(), await open()];
      await refresh(stolen.refreshToken);
      await ageTokens('used_at', '11 seconds');
      await expect(refresh(stolen.refreshToken)).rejects.toMatchObject(REFUSED);
      await refresh(other.refreshToken);
    });

    it.each<[string, () => Promise<unknown>]>([
      ['that has not been refreshed for a day', () => age('last_used_at', '24 hours')],
      ['that began 30 days ago', () => age('expires_at', '30 days')],
      ['whose refresh token is a week old', () => ageTokens('expires_at', '7 days')],
      ['of a disabled user', () => place.change(user.id, { disabledAt: new Date() })],
      ['of a locked user', () => place.change(user.id, { lockedAt: new Date() })],
    ])('is refused for a session %s', async (_, make) => {
      const { refreshToken } = await open();
      await make();
      await expect(refresh(refreshToken)).rejects.toMatchObject(REFUSED);
      expect((await place.events(user.id))[0]).toMatchObject({ action: 'auth.refresh', result: 'denied' });
    });

    it('goes on while it is used within these times', async () => {
      const { refreshToken } = await open();
      await age('last_used_at', '23 hours');
      const second = await refresh(refreshToken);
      await age('last_used_at', '23 hours');
      await refresh(second.refreshToken);
    });

    it('never makes a token that outlives its session', async () => {
      const { refreshToken } = await open();
      await age('expires_at', '29 days');
      await refresh(refreshToken);
      const rows = await place.query(
        `SELECT 1 FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id
          WHERE s.user_id = $1 AND t.used_at IS NULL AND t.expires_at > s.expires_at`,
        [user.id],
      );
      expect(rows).toEqual([]);
    });

    it('forgets tokens that could not be used any more anyway', async () => {
      const first = await open();
      const second = await refresh(first.refreshToken);
      await place.query(`UPDATE refresh_tokens SET expires_at = now() - interval '1 s' WHERE used_at IS NOT NULL`);
      await refresh(second.refreshToken);
      await expect(refresh(first.refreshToken)).rejects.toMatchObject(REFUSED);
      expect(server.log.lines.at(-1)).toMatchObject({ event_type: 'authentication', actor: 'unknown' });
    });

    it.each(['', 'ldr_', 'nonsense', `ldr_${'A'.repeat(43)}`, `ldi_${'A'.repeat(43)}`, `ldr_${'A'.repeat(44)}`])(
      'with %j is refused',
      async (token) => {
        await expect(refresh(token)).rejects.toMatchObject(REFUSED);
      },
    );

    it('with an access token is refused, and a refresh token is no access token', async () => {
      const { accessToken, refreshToken } = await open();
      await expect(refresh(accessToken)).rejects.toMatchObject(REFUSED);
      await expect(principal(refreshToken)).rejects.toMatchObject(REFUSED);
    });

    it('is told to the log and, with its session, to the audit', async () => {
      const first = await open();
      const { sessionId } = await principal(first.accessToken);
      await refresh(first.refreshToken);
      const session = showId('ses', sessionId!);
      expect((await place.events(user.id))[0]).toMatchObject({
        action: 'auth.refresh',
        resource: session,
        result: 'allowed',
        details: { method: 'refresh-token', session },
      });
      expect(server.log.lines.at(-1)).toMatchObject({
        event_type: 'authentication',
        method: 'refresh-token',
        result: 'allowed',
        actor: showId('usr', user.id),
      });
      expect(JSON.stringify(server.log.lines)).not.toContain(first.refreshToken);
    });
  });

  describe('a new secret', () => {
    const [old, next] = ['o'.repeat(32), 'n'.repeat(32)];
    const opened = () => place.server({ tokenKeys: new TokenKeys(old) }).ownSessions.open(user, 'password');

    it('ends the refresh tokens of the one before, too', async () => {
      const { refreshToken, accessToken } = await opened();
      const after = place.server({ tokenKeys: new TokenKeys(next) });
      await expect(after.ownSessions.refresh(refreshToken)).rejects.toMatchObject(REFUSED);
      await expect(after.authenticator.principal(accessToken)).rejects.toMatchObject(REFUSED);
    });

    it('leaves them where the one before is listed, and moves them to the new one', async () => {
      const { refreshToken } = await opened();
      const during = place.server({ tokenKeys: new TokenKeys(next, [old]) });
      const second = await during.ownSessions.refresh(refreshToken);
      expect((await during.ownSessions.refresh(refreshToken)).refreshToken).toBe(second.refreshToken);
      const after = place.server({ tokenKeys: new TokenKeys(next) });
      await after.ownSessions.refresh(second.refreshToken);
      await after.authenticator.principal(second.accessToken);
    });

    it('gives other successors: who knows one secret cannot tell what comes after a token', async () => {
      const { refreshToken } = await opened();
      const [one, other] = [next, old].map((secret) => new TokenKeys(secret).current);
      const { successorOf } = await import('./token-keys.ts');
      expect(successorOf(one!, refreshToken)).not.toBe(successorOf(other!, refreshToken));
    });
  });

  describe('ending', () => {
    it('by signing out refuses access and refresh tokens at once', async () => {
      const { accessToken, refreshToken } = await open();
      const who = await principal(accessToken);
      await server.ownSessions.logout(who);
      await expect(principal(accessToken)).rejects.toMatchObject(REFUSED);
      await expect(refresh(refreshToken)).rejects.toMatchObject(REFUSED);
      expect(server.log.lines).toContainEqual(
        expect.objectContaining({ event_type: 'authentication', action: 'auth.sign-out', result: 'allowed' }),
      );
      const [event] = (await place.events(user.id)).filter(({ action }) => action === 'session.revoke');
      expect(event).toMatchObject({ resource: showId('ses', who.sessionId!), reason: 'signed out' });
    });

    it('is nothing for those who speak through no session', async () => {
      const { sessionId: _, ...byKey } = await caller();
      await expect(server.ownSessions.logout(byKey)).rejects.toMatchObject({ code: 'session-not-found' });
    });

    it('of one leaves the others, and only the own are seen and ended', async () => {
      const [one, two] = [await open(), await open()];
      const me = await principal(one.accessToken);
      const other = { ...me, id: newId() };
      expect((await server.ownSessions.list(me)).map(({ id }) => id)).toContain(me.sessionId);
      expect(await server.ownSessions.list(me)).toHaveLength(2);
      expect(await server.ownSessions.list(other)).toEqual([]);
      await expect(server.ownSessions.end(other, me.sessionId!)).rejects.toMatchObject({ code: 'session-not-found' });
      await server.ownSessions.end(me, me.sessionId!);
      await expect(principal(one.accessToken)).rejects.toMatchObject(REFUSED);
      await principal(two.accessToken);
      await expect(server.ownSessions.end(me, me.sessionId!)).rejects.toMatchObject({ code: 'session-not-found' });
      expect(await server.ownSessions.list(me)).toHaveLength(1);
    });

    it('of all ends every one of the user, and of nobody else', async () => {
      const stranger = await place.newUser();
      const others = await server.ownSessions.open(stranger, 'password');
      const [one, two] = [await open(), await open()];
      await server.ownSessions.endAll(await principal(one.accessToken));
      for (const { accessToken } of [one, two]) await expect(principal(accessToken)).rejects.toMatchObject(REFUSED);
      await principal(others.accessToken);
    });

    it('of everything ends every session of the tenant but the one that is kept, and the API keys if wanted', async () => {
      const [one, two] = [await open(), await open()];
      const me = await principal(one.accessToken);
      const { secret } = await server.ownKeys.create(me, {
        name: 'n',
        scopes: ['account:read'],
        datasetIds: null,
        networks: [],
        expiresAt: null,
      });
      expect(await server.revocations.everything(me, { except: me.sessionId, apiKeys: false })).toMatchObject({
        apiKeys: 0,
      });
      await expect(principal(two.accessToken)).rejects.toMatchObject(REFUSED);
      await principal(one.accessToken);
      await principal(secret);
      expect(await server.revocations.everything(me, { apiKeys: true })).toEqual({ sessions: 1, apiKeys: 1 });
      await expect(principal(one.accessToken)).rejects.toMatchObject(REFUSED);
      await expect(principal(secret)).rejects.toMatchObject(REFUSED);
      const [event] = (await place.events(user.id)).filter(({ action }) => action === 'session.revoke');
      expect(event).toMatchObject({ resource: showId('ten', user.tenantId), details: { sessions: 1, api_keys: 1 } });
    });

    it('that ended a month ago is taken away at the next sign-in', async () => {
      await open();
      await age('expires_at', '61 days');
      await open();
      const rows = await place.query('SELECT 1 FROM sessions WHERE user_id = $1', [user.id]);
      expect(rows).toHaveLength(1);
    });
  });

  describe('invariant 8: on another server', () => {
    it('what was revoked is refused a second later, and remembered until then', async () => {
      const elsewhere = place.server();
      const { accessToken } = await open();
      const who = await principal(accessToken);
      await elsewhere.authenticator.principal(accessToken);
      await server.ownSessions.logout(who);
      elsewhere.clock.ms += 500;
      await elsewhere.authenticator.principal(accessToken);
      elsewhere.clock.ms += 500;
      await expect(elsewhere.authenticator.principal(accessToken)).rejects.toMatchObject(REFUSED);
    });

    it('a look-up goes on behind the back of whoever asks before anyone has to wait for it', async () => {
      const elsewhere = place.server();
      const { accessToken } = await open();
      const who = await principal(accessToken);
      await elsewhere.authenticator.principal(accessToken);
      await server.ownSessions.logout(who);
      elsewhere.clock.ms += 800;
      await elsewhere.authenticator.principal(accessToken);
      // The clock stands still from here on: what ends it is the look-up that this request has begun.
      const refused = async (): Promise<boolean> =>
        elsewhere.authenticator.principal(accessToken).then(
          () => false,
          () => true,
        );
      const deadline = Date.now() + 60_000;
      while (!(await refused()) && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 5));
      await expect(elsewhere.authenticator.principal(accessToken)).rejects.toMatchObject(REFUSED);
    });

    it('many requests at once look once', async () => {
      const elsewhere = place.server();
      let looks = 0;
      const spied = elsewhere.epochs as unknown as { lookUp(tenantId: string): Promise<number> };
      const lookUp = spied.lookUp.bind(elsewhere.epochs);
      spied.lookUp = (tenantId) => {
        looks += 1;
        return lookUp(tenantId);
      };
      await Promise.all(Array.from({ length: 50 }, () => elsewhere.epochs.current(user.tenantId)));
      expect(looks).toBe(1);
      elsewhere.clock.ms -= 60_000;
      await elsewhere.epochs.current(user.tenantId);
      expect(looks).toBe(2);
    });

    it('a number that cannot be looked up lets nobody in', async () => {
      const elsewhere = place.server();
      const { accessToken } = await open();
      await elsewhere.authenticator.principal(accessToken);
      Object.assign(elsewhere.epochs, { lookUp: () => Promise.reject(new Error('the database is away')) });
      elsewhere.clock.ms += 800;
      await elsewhere.authenticator.principal(accessToken);
      elsewhere.clock.ms += 200;
      await expect(elsewhere.authenticator.principal(accessToken)).rejects.toThrow('the database is away');
    });
  });

  it('invariant 3: are those of one tenant: another one sees none of them', async () => {
    await server.signIns.signIn(user.email, PASSWORD);
    const rows = await place.place.database.inTenant(newId(), () =>
      place.place.database.query('SELECT id FROM sessions UNION ALL SELECT session_id FROM refresh_tokens'),
    );
    expect(rows).toEqual([]);
  });
});

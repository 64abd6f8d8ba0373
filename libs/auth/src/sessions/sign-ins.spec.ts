import { Audit } from '#audit';
import { newId, runInContext } from '#kernel';
import { IdentityPlace, PASSWORD, type Server } from '../../../../test/support/identity.ts';
import { programs } from '../../../../test/support/test-database.ts';
import { permissions } from '../permissions.ts';

describe.each(programs)('signing in on %s', (program) => {
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

  const signIn = async (email = user.email, password = PASSWORD) => {
    const signedIn = await server.signIns.signIn(email, password);
    if (!('accessToken' in signedIn)) throw new Error('a second factor is wanted');
    return signedIn;
  };
  const principal = async () => server.authenticator.principal((await signIn()).accessToken);

  it('gives tokens that lead back to the user, his tenant and his rights', async () => {
    const { accessToken, refreshToken, expiresIn } = await signIn();
    expect([expiresIn, refreshToken]).toEqual([900, expect.stringMatching(/^ldr_[\w-]{43}$/)]);
    expect(await server.authenticator.principal(accessToken)).toEqual({
      id: user.id,
      tenantId: user.tenantId,
      sessionId: expect.any(String) as string,
      permissions: new Set(Object.keys(permissions).filter((name) => !name.startsWith('platform:'))),
    });
  });

  it('takes an address in any of its spellings', async () => {
    await signIn(`  ${user.email.toUpperCase()} `);
    await signIn(user.email.replace('user', 'ｕｓｅｒ'));
  });

  it('keeps no token: what is in the database signs nobody in', async () => {
    const { refreshToken } = await signIn();
    const rows = await place.query(`SELECT encode(hash, 'hex') AS hash, t.* FROM refresh_tokens t`);
    expect(JSON.stringify(rows)).not.toContain(refreshToken.slice(4));
    expect(rows.length).toBeGreaterThan(0);
  });

  it('remembers from where it was, and as what the program called itself', async () => {
    await runInContext({ requestId: 'r', ip: '192.0.2.7' }, () =>
      server.signIns.signIn(user.email, PASSWORD, `Curl/8 \u0000\u{1f600}${'x'.repeat(500)}`),
    );
    const [session] = await server.ownSessions.list(await principal().then((who) => ({ ...who, id: user.id })));
    const all = await place.query(`SELECT ip, user_agent, method FROM sessions WHERE user_id = $1 AND ip IS NOT NULL`, [
      user.id,
    ]);
    expect(all).toEqual([{ ip: '192.0.2.7', user_agent: `Curl/8 ${'x'.repeat(193)}`, method: 'password' }]);
    expect(session).toMatchObject({ userId: user.id, revokedAt: null });
  });

  it('invariant 4: is told to the audit, whether it worked or not', async () => {
    await runInContext({ requestId: 'req-1', ip: '192.0.2.7' }, () => signIn());
    const told = { action: 'auth.sign-in', actorId: user.id, details: { method: 'password' } };
    expect((await place.events(user.id))[0]).toMatchObject({
      ...told,
      result: 'allowed',
      requestId: 'req-1',
      ip: '192.0.2.7',
    });
    await signIn(user.email, 'wrong').catch(() => undefined);
    expect((await place.events(user.id))[0]).toMatchObject({ ...told, result: 'denied' });
  });

  it('invariant 4: gives no token when it cannot be told to the audit', async () => {
    const silent = Object.assign(new Audit(place.place.database), {
      append: () => Promise.reject(new Error('the audit is full')),
    });
    const careful = place.server({ audit: silent });
    await expect(careful.signIns.signIn(user.email, PASSWORD)).rejects.toThrow('the audit is full');
    expect(await place.query('SELECT 1 FROM sessions WHERE user_id = $1', [user.id])).toEqual([]);
  });

  it.each<[string, () => [string, string] | Promise<[string, string]>]>([
    ['a wrong password', () => [user.email, 'wrong']],
    ['no password', () => [user.email, '']],
    ['an address nobody has', () => [`nobody-${newId()}@example.org`, PASSWORD]],
    ['no address', () => ['', PASSWORD]],
    ['an address with NUL', () => [`${user.email}\0`, PASSWORD]],
    ['half a surrogate pair', () => ['\ud800@example.org', PASSWORD]],
    ['an address that is SQL', () => ["' OR true --", PASSWORD]],
    ['a disabled user', () => place.change(user.id, { disabledAt: new Date() }).then(() => [user.email, PASSWORD])],
    ['a locked user', () => place.change(user.id, { lockedAt: new Date() }).then(() => [user.email, PASSWORD])],
    ['an invited user', () => place.change(user.id, { passwordHash: null }).then(() => [user.email, PASSWORD])],
  ])('with %s fails with one and the same error', async (_, make) => {
    const [address, password] = await make();
    const error = await signIn(address, password).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'unauthorized', kind: 'unauthenticated' });
    expect((error as Error).message).toBe('The e-mail address or the password is wrong.');
    expect(server.counters).toMatchObject({ attempts: 1, failures: 1 });
    expect(server.log.lines).toMatchObject([{ event_type: 'authentication', method: 'password', result: 'denied' }]);
  });

  it('never writes an address or a password to the log', async () => {
    await signIn();
    await signIn('nobody@example.org', 'secret words').catch(() => undefined);
    expect(server.log.lines).toHaveLength(2);
    expect(JSON.stringify(server.log.lines)).not.toMatch(/example\.org|secret words|passphrase/);
  });

  describe('guesses', () => {
    const guess = (email: string) => signIn(email, 'wrong').catch((error: unknown) => error);
    const failTen = async (email: string): Promise<void> => {
      for (let i = 0; i < 10; i += 1) expect(await guess(email)).toMatchObject({ code: 'unauthorized' });
    };
    const unblock = (email: string) =>
      place.place.opened.statement(
        `UPDATE sign_in_failures SET blocked_until = now() WHERE identity = sha256(convert_to('vault/sign-in/' || $1, 'UTF8'))`,
        [email],
      );

    it.each([
      ['of somebody', () => user.email],
      ['of nobody', () => `nobody-${newId()}@example.org`],
    ])('of the password %s are ten; then even the right one has to wait', async (_, make) => {
      const email = make();
      await failTen(email);
      const blocked = { code: 'sign-in-blocked', kind: 'too-many', retryAfter: 600 };
      expect(await guess(email)).toMatchObject(blocked);
      expect(await signIn(email).catch((error: unknown) => error)).toMatchObject(blocked);
      expect(server.log.lines.at(-1)).toMatchObject({ result: 'denied', reason: 'too many failures in a row' });
    });

    it('wait longer each time, and never end by time alone after a hundred', async () => {
      await failTen(user.email);
      await unblock(user.email);
      await guess(user.email);
      expect(await guess(user.email)).toMatchObject({ retryAfter: 1200 });
      for (let failures = 11; failures < 100; failures += 1) {
        await unblock(user.email);
        await server.limiter.attempt(user.email);
      }
      const [row] = (await place.place.opened.statement(
        `SELECT failures, blocked_until = 'infinity' AS forever FROM sign_in_failures
          WHERE identity = sha256(convert_to('vault/sign-in/' || $1, 'UTF8'))`,
        [user.email],
      )) as unknown[];
      expect(row).toEqual({ failures: 100, forever: true });
      expect(await guess(user.email)).toMatchObject({ retryAfter: 86_400 });
    });

    it('end by themselves when the time is over, and a success takes the count away', async () => {
      await failTen(user.email);
      await unblock(user.email);
      await signIn();
      await failTen(user.email);
    });

    it('that come all at once are no more than ten', async () => {
      const all = await Promise.allSettled(
        Array.from({ length: 30 }, () => server.signIns.signIn(user.email, 'wrong guess')),
      );
      const codes = all.map((each) => (each as { reason: { code: string } }).reason.code);
      expect(codes.filter((code) => code === 'unauthorized')).toHaveLength(10);
      expect(codes.filter((code) => code === 'sign-in-blocked')).toHaveLength(20);
    });

    it('count for an address in any of its spellings', async () => {
      await failTen(user.email);
      expect(await guess(` ${user.email.toUpperCase()}`)).toMatchObject({ code: 'sign-in-blocked' });
    });

    it('leave no address behind, and are forgotten after 90 days', async () => {
      await guess(`someone-${newId()}@example.org`);
      await place.place.opened.statement(`UPDATE sign_in_failures SET last_at = now() - interval '91 days'`);
      await signIn();
      expect(await place.place.opened.statement('SELECT 1 FROM sign_in_failures')).toEqual([]);
    });
  });

  describe('afterwards', () => {
    it('rights lag behind the store for five seconds at most', async () => {
      const { accessToken } = await signIn();
      await server.authenticator.principal(accessToken);
      await place.change(user.id, { roles: [] });
      server.clock.ms += 4_999;
      expect((await server.authenticator.principal(accessToken)).permissions.size).toBeGreaterThan(3);
      server.clock.ms += 1;
      expect([...(await server.authenticator.principal(accessToken)).permissions]).toEqual([
        'job:read',
        'job:cancel',
        'account:read',
        'account:write',
      ]);
    });

    it('rights do not last longer because the clock was set back', async () => {
      const { accessToken } = await signIn();
      await server.authenticator.principal(accessToken);
      await place.change(user.id, { roles: [] });
      server.clock.ms -= 3_600_000;
      expect((await server.authenticator.principal(accessToken)).permissions.size).toBe(4);
    });

    it.each([{ disabledAt: new Date() }, { lockedAt: new Date() }])(
      'with %j nobody is let in any more',
      async (change) => {
        const { accessToken } = await signIn();
        await place.change(user.id, change);
        server.clock.ms += 5_000;
        await expect(server.authenticator.principal(accessToken)).rejects.toMatchObject({ code: 'unauthorized' });
      },
    );

    it('invariant 3: a token of another tenant, user or session is nobody here, also while the user is remembered', async () => {
      const { sessionId } = await principal();
      const right = { userId: user.id, tenantId: user.tenantId, sessionId: sessionId! };
      const other = await place.newUser();
      for (const wrong of [{ tenantId: newId() }, { userId: newId() }, { userId: other.id }, { sessionId: newId() }]) {
        const crossed = await server.tokens.issue({ ...right, ...wrong });
        await expect(server.authenticator.principal(crossed)).rejects.toMatchObject({ code: 'unauthorized' });
      }
      expect((await server.authenticator.principal(await server.tokens.issue(right))).id).toBe(user.id);
    });

    it('whoever is refused for lack of a right is told to the log, the counters and the audit', async () => {
      await place.change(user.id, { roles: ['auditor'] });
      const asked = server.gatekeeper.demand(await principal(), 'dataset:write', 'none', 'POST /api/v1/datasets');
      await expect(asked).rejects.toMatchObject({ code: 'forbidden' });
      const denied = { action: 'dataset:write', resource: 'POST /api/v1/datasets', result: 'denied' };
      expect((await place.events(user.id))[0]).toMatchObject({ ...denied, reason: 'the permission is missing' });
      expect(server.log.lines.at(-1)).toMatchObject({ ...denied, event_type: 'authorization', policy: 'default' });
      expect(server.counters.denials).toBe(1);
    });

    it('a request is counted for its user by a valid token, and for nobody by any other', async () => {
      const { accessToken } = await signIn();
      const by = (authorization?: string) => server.authenticator.identify({ authorization });
      expect(await by(`Bearer ${accessToken}`)).toEqual({ scope: 'user', id: user.id, tenantId: user.tenantId });
      for (const bad of [undefined, 'Bearer x', `Bearer ${accessToken}x`, `Basic ${accessToken}`]) {
        expect(await by(bad)).toBeNull();
      }
    });
  });
});

import { newId, type Principal } from '#kernel';
import { IdentityPlace, PASSWORD, type Server } from '../../../../test/support/identity.ts';
import { programs } from '../../../../test/support/test-database.ts';

const OTHER = 'another phrase of six good words';
const REFUSED = { code: 'unauthorized' };

describe.each(programs)('users on %s', (program) => {
  let place: IdentityPlace;
  let server: Server;
  let admin: Principal;
  beforeAll(async () => {
    place = await IdentityPlace.open(program);
  });
  afterAll(() => place.close());
  beforeEach(async () => {
    server = place.server();
    admin = await signedIn((await place.newUser()).email);
  });

  const tokens = async (email: string, password = PASSWORD) => {
    const answer = await server.signIns.signIn(email, password);
    if (!('accessToken' in answer)) throw new Error('a second factor is wanted');
    return answer;
  };
  const signedIn = async (email: string, password = PASSWORD): Promise<Principal> =>
    server.authenticator.principal((await tokens(email, password)).accessToken);
  const address = (): string => `new-${newId()}@example.org`;
  const actions = async (): Promise<string[]> => (await place.events(admin.id)).map(({ action }) => action);

  describe('are made', () => {
    it('with a first password', async () => {
      const email = address();
      const { user, invitation } = await server.people.create(admin, { email, roles: ['admin'], password: OTHER });
      expect([user.email, invitation]).toEqual([email, null]);
      expect((await signedIn(email, OTHER)).id).toBe(user.id);
      expect(await actions()).toContain('user.create');
    });

    it('with an invitation, of which the database keeps a hash, and which sets a password once', async () => {
      const email = address();
      const { user, invitation } = await server.people.create(admin, { email: ` ${email.toUpperCase()} `, roles: [] });
      expect(user.email).toBe(email);
      expect(JSON.stringify(await place.query('SELECT * FROM users'))).not.toContain(invitation);
      await expect(tokens(email, OTHER)).rejects.toMatchObject(REFUSED);
      await server.ownPasswords.accept(invitation!, OTHER);
      expect([...(await signedIn(email, OTHER)).permissions]).toEqual([
        'job:read',
        'job:cancel',
        'account:read',
        'account:write',
      ]);
      const again = server.ownPasswords.accept(invitation!, 'yet another phrase of good words');
      await expect(again).rejects.toMatchObject({ code: 'invitation-invalid', kind: 'invalid' });
    });

    it('once for each address, also where it belongs to another tenant', async () => {
      const email = address();
      await server.people.create(admin, { email, roles: [] });
      const elsewhere = { id: null, tenantId: newId() };
      await place.place.database.inTenant(elsewhere.tenantId, () =>
        server.users.insertTenant({ id: elsewhere.tenantId, slug: elsewhere.tenantId, name: 'Two' }),
      );
      for (const caller of [admin, elsewhere]) {
        const making = server.people.create(caller, { email, roles: [] });
        await expect(making).rejects.toMatchObject({ code: 'email-taken', kind: 'conflict' });
      }
    });

    it('with no password that is too easy', async () => {
      const making = server.people.create(admin, { email: address(), roles: [], password: 'password12345678' });
      await expect(making).rejects.toMatchObject({ code: 'password-refused', issues: [{ pointer: '/password' }] });
    });
  });

  describe('an invitation', () => {
    it.each<[string, (id: string) => Promise<unknown>]>([
      ['that has ended', (id) => place.change(id, { inviteExpiresAt: new Date(Date.now() - 1) })],
      ['of a disabled user', (id) => server.people.change(admin, id, { disabled: true })],
      ['that was replaced by another', (id) => server.people.invite(admin, id)],
      ['that was revoked', (id) => server.people.revoke(admin, id, { apiKeys: false })],
    ])('%s sets no password', async (_, make) => {
      const { user, invitation } = await server.people.create(admin, { email: address(), roles: [] });
      await make(user.id);
      await expect(server.ownPasswords.accept(invitation!, OTHER)).rejects.toMatchObject({
        code: 'invitation-invalid',
      });
      expect(server.log.lines.at(-1)).toMatchObject({ method: 'invitation', result: 'denied' });
    });

    it.each(['', 'nonsense', `ldi_${'A'.repeat(43)}`, `ldr_${'A'.repeat(43)}`])('%j is none', async (token) => {
      await expect(server.ownPasswords.accept(token, OTHER)).rejects.toMatchObject({ code: 'invitation-invalid' });
    });

    it('used at the same time from two places sets one password', async () => {
      const { invitation } = await server.people.create(admin, { email: address(), roles: [] });
      const both = await Promise.allSettled(
        [OTHER, 'yet another phrase of good words'].map((each) => server.ownPasswords.accept(invitation!, each)),
      );
      expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    });

    it('is not used up by a password that is refused', async () => {
      const { invitation } = await server.people.create(admin, { email: address(), roles: [] });
      const easy = server.ownPasswords.accept(invitation!, 'passwordpassword');
      await expect(easy).rejects.toMatchObject({ code: 'password-refused' });
      await server.ownPasswords.accept(invitation!, OTHER);
    });

    it('for one who has a password lets him choose another, which ends his sessions and his waiting time', async () => {
      const { id, email } = await place.newUser();
      const before = await tokens(email);
      const { invitation } = await server.people.invite(admin, id);
      await server.authenticator.principal(before.accessToken);
      for (let i = 0; i < 10; i += 1) await server.limiter.attempt(email);
      await server.ownPasswords.accept(invitation!, OTHER);
      await expect(server.authenticator.principal(before.accessToken)).rejects.toMatchObject(REFUSED);
      await expect(tokens(email, PASSWORD)).rejects.toMatchObject(REFUSED);
      await tokens(email, OTHER);
    });
  });

  describe('are changed', () => {
    it('with other roles, which count at once', async () => {
      const { id, email } = await place.newUser();
      const { accessToken } = await tokens(email);
      expect((await server.authenticator.principal(accessToken)).permissions.has('dataset:read')).toBe(true);
      expect(await server.people.change(admin, id, { roles: [] })).toMatchObject({ roles: [] });
      expect((await server.authenticator.principal(accessToken)).permissions.has('dataset:read')).toBe(false);
      expect((await place.events(admin.id))[0]).toMatchObject({ action: 'user.change', details: { roles: '' } });
    });

    it('disabled, their sessions end for good and their keys while it lasts', async () => {
      const { id, email } = await place.newUser();
      const own = await tokens(email);
      const terms = { name: 'n', scopes: ['account:read'], datasetIds: null, networks: [], expiresAt: null };
      const { secret } = await server.ownKeys.create(await server.authenticator.principal(own.accessToken), terms);
      await server.people.change(admin, id, { disabled: true });
      for (const credential of [own.accessToken, secret]) {
        await expect(server.authenticator.principal(credential)).rejects.toMatchObject(REFUSED);
      }
      await expect(tokens(email)).rejects.toMatchObject(REFUSED);
      await server.people.change(admin, id, { disabled: false });
      await expect(server.authenticator.principal(own.accessToken)).rejects.toMatchObject(REFUSED);
      await server.authenticator.principal(secret);
      await tokens(email);
    });

    it('locked, nothing of theirs gets in until they are unlocked', async () => {
      const { id, email } = await place.newUser();
      const own = await tokens(email);
      await server.people.lock(admin, id);
      await expect(server.authenticator.principal(own.accessToken)).rejects.toMatchObject(REFUSED);
      await expect(server.ownSessions.refresh(own.refreshToken)).rejects.toMatchObject(REFUSED);
      await expect(tokens(email)).rejects.toMatchObject(REFUSED);
      for (let i = 0; i < 9; i += 1) await server.limiter.attempt(email);
      await server.people.unlock(admin, id);
      await server.authenticator.principal(own.accessToken);
      await tokens(email);
      expect((await actions()).slice(0, 2)).toEqual(['user.unlock', 'user.lock']);
    });

    it('never by themselves, so that one administrator is always left', async () => {
      const own = { code: 'own-account', kind: 'conflict' };
      await expect(server.people.lock(admin, admin.id)).rejects.toMatchObject(own);
      await expect(server.people.change(admin, admin.id, { roles: [] })).rejects.toMatchObject(own);
      await expect(server.people.change(admin, admin.id, { disabled: true })).rejects.toMatchObject(own);
    });

    it('with nothing, nothing changes', async () => {
      const { id, email } = await place.newUser();
      expect(await server.people.change(admin, id, {})).toMatchObject({
        id,
        email,
        roles: ['admin'],
        disabledAt: null,
      });
    });
  });

  it('are revoked: every session ends, and the API keys when wanted', async () => {
    const { id, email } = await place.newUser();
    const own = await tokens(email);
    const me = await server.authenticator.principal(own.accessToken);
    const terms = { name: 'n', scopes: ['account:read'], datasetIds: null, networks: [], expiresAt: null };
    const { secret } = await server.ownKeys.create(me, terms);
    expect(await server.people.revoke(admin, id, { apiKeys: false })).toEqual({ sessions: 1, apiKeys: 0 });
    await expect(server.authenticator.principal(own.accessToken)).rejects.toMatchObject(REFUSED);
    await server.authenticator.principal(secret);
    expect(await server.people.revoke(admin, id, { apiKeys: true })).toEqual({ sessions: 0, apiKeys: 1 });
    await expect(server.authenticator.principal(secret)).rejects.toMatchObject(REFUSED);
    await tokens(email);
  });

  it('are listed page by page, and one by one', async () => {
    const all: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await server.people.list(admin, 3, cursor);
      expect(page.items.length).toBeLessThanOrEqual(3);
      all.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    const [count] = await place.query('SELECT count(*) AS count FROM users');
    expect([new Set(all).size, [...all].sort()]).toEqual([count!['count'], all]);
    expect((await server.people.get(admin, admin.id)).id).toBe(admin.id);
    await expect(server.people.list(admin, 3, 'nonsense')).rejects.toMatchObject({ code: 'bad-cursor' });
  });

  it('invariant 3: of another tenant are not there', async () => {
    const stranger = { ...admin, id: newId(), tenantId: newId() };
    const none = { code: 'user-not-found', kind: 'not-found' };
    expect((await server.people.list(stranger, 10)).items).toEqual([]);
    await expect(server.people.get(stranger, admin.id)).rejects.toMatchObject(none);
    await expect(server.people.change(stranger, admin.id, { disabled: true })).rejects.toMatchObject(none);
    await expect(server.people.lock(stranger, admin.id)).rejects.toMatchObject(none);
    await expect(server.people.unlock(stranger, admin.id)).rejects.toMatchObject(none);
    await expect(server.people.invite(stranger, admin.id)).rejects.toMatchObject(none);
    await expect(server.people.revoke(stranger, admin.id, { apiKeys: true })).rejects.toMatchObject(none);
    await expect(server.secondFactors.reset(stranger, admin.id)).rejects.toMatchObject(none);
  });

  describe('their own password', () => {
    it('is changed with the current one, and every other session ends', async () => {
      const { email } = await place.newUser();
      const [here, there] = [await tokens(email), await tokens(email)];
      const me = await server.authenticator.principal(here.accessToken);
      await server.ownPasswords.change(me, PASSWORD, OTHER);
      await server.authenticator.principal(here.accessToken);
      await server.ownSessions.refresh(here.refreshToken);
      await expect(server.authenticator.principal(there.accessToken)).rejects.toMatchObject(REFUSED);
      await expect(server.ownSessions.refresh(there.refreshToken)).rejects.toMatchObject(REFUSED);
      await expect(tokens(email, PASSWORD)).rejects.toMatchObject(REFUSED);
      await tokens(email, OTHER);
      expect((await place.events(me.id)).map(({ action }) => action)).toContain('user.password');
    });

    it('is not changed with a wrong one, and guesses there count as those at the sign-in do', async () => {
      const { email, id } = await place.newUser();
      const me = await signedIn(email);
      for (let i = 0; i < 10; i += 1) {
        await expect(server.ownPasswords.change(me, 'wrong', OTHER)).rejects.toMatchObject(REFUSED);
      }
      await expect(server.ownPasswords.change(me, PASSWORD, OTHER)).rejects.toMatchObject({ code: 'sign-in-blocked' });
      await expect(tokens(email)).rejects.toMatchObject({ code: 'sign-in-blocked' });
      expect((await place.events(id))[1]).toMatchObject({ action: 'auth.password', result: 'denied' });
    });

    it('is not changed to one that is too easy, or by somebody who is gone', async () => {
      const { email } = await place.newUser();
      const me = await signedIn(email);
      const easy = server.ownPasswords.change(me, PASSWORD, 'iloveyouiloveyou');
      await expect(easy).rejects.toMatchObject({ code: 'password-refused', issues: [{ pointer: '/new_password' }] });
      const gone = server.ownPasswords.change({ ...me, id: newId() }, PASSWORD, OTHER);
      await expect(gone).rejects.toMatchObject(REFUSED);
    });
  });
});

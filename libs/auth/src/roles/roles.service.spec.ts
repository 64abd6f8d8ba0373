import { newId, type Principal, showId } from '#kernel';
import { IdentityPlace, PASSWORD, type Server } from '../../../../test/support/identity.ts';
import { programs } from '../../../../test/support/test-database.ts';
import { allPermissions, isOfPlatform } from '../permissions.ts';
import { builtInRoles } from './built-in-roles.ts';

const FORBIDDEN = { code: 'forbidden', kind: 'forbidden' };

describe('built-in roles', () => {
  it('are these', () => {
    expect(builtInRoles.map(({ name }) => name)).toEqual([
      'admin',
      'data-engineer',
      'ml-engineer',
      'privacy-officer',
      'auditor',
      'security-engineer',
      'operator',
      'ci',
    ]);
  });

  it('give an administrator everything but the platform', () => {
    expect(builtInRoles[0]!.rules).toEqual([{ permissions: allPermissions.filter((name) => !isOfPlatform(name)) }]);
  });

  it.each(['auditor', 'security-engineer', 'operator'])('let %s read no record', (name) => {
    const held = builtInRoles.find((role) => role.name === name)!.rules.flatMap(({ permissions }) => permissions);
    const plaintext = [
      'record:read',
      'dataset:export',
      'dataset:anonymize',
      'dataset:grant',
      'user:write',
      'role:write',
    ];
    expect(held.filter((permission) => plaintext.includes(permission))).toEqual([]);
  });
});

describe.each(programs)('roles on %s', (program) => {
  let place: IdentityPlace;
  let server: Server;
  let admin: Principal;
  beforeAll(async () => {
    place = await IdentityPlace.open(program);
    server = place.server();
    admin = await caller(['admin']);
  });
  afterAll(() => place.close());

  async function caller(roles: string[]): Promise<Principal> {
    return again(await place.newUser({ roles }));
  }
  async function again({ email }: { email: string }): Promise<Principal> {
    const signedIn = await server.signIns.signIn(email, PASSWORD);
    if (!('accessToken' in signedIn)) throw new Error('a second factor is wanted');
    return server.authenticator.principal(signedIn.accessToken);
  }
  const may = async (who: Principal, permission: string): Promise<boolean> =>
    (await server.gatekeeper.decide(who, permission, 'none')).allowed;
  const named = (): string => `r-${newId().slice(0, 8)}${newId().slice(-12)}`;
  const terms = (change: object = {}) => ({
    description: 'd',
    effect: 'allow' as const,
    permissions: ['audit:read', 'user:read'],
    conditions: {},
    ...change,
  });

  it('give who has them their permissions, and what everyone has', async () => {
    const auditor = await caller(['auditor']);
    expect(auditor.permissions.has('audit:export')).toBe(true);
    expect(auditor.permissions.has('account:write')).toBe(true);
    expect(auditor.permissions.has('dataset:write')).toBe(false);
    expect([...(await caller(['nobody-defined-this'])).permissions].sort()).toEqual([
      'account:read',
      'account:write',
      'job:cancel',
      'job:read',
    ]);
  });

  it.each(['constructor', '__proto__', 'toString'])('named %s give nothing', async (name) => {
    expect((await caller([name])).permissions.size).toBe(4);
  });

  it('of a tenant are made, changed, and count at once', async () => {
    const role = await server.roles.create(admin, named(), terms());
    expect(role).toMatchObject({ ...terms(), version: 1, tenantId: place.tenantId });
    const user = await place.newUser({ roles: [role.name] });
    expect(await may(await again(user), 'audit:read')).toBe(true);
    const changed = await server.roles.change(admin, role.id, { permissions: ['user:read'] }, 1);
    expect(changed).toMatchObject({ version: 2, permissions: ['user:read'], description: 'd' });
    expect(await may(await again(user), 'audit:read')).toBe(false);
    expect(await may(await again(user), 'user:read')).toBe(true);
    const actions = (await place.events(admin.id)).filter(({ resource }) => resource === showId('role', role.id));
    expect(actions.map(({ action }) => action)).toEqual(['role.change', 'role.create']);
    expect(actions[0]!.details).toMatchObject({ permissions: 'user:read', effect: 'allow' });
  });

  it('that deny win over every other', async () => {
    const role = await server.roles.create(admin, named(), terms({ effect: 'deny', permissions: ['audit:export'] }));
    const user = await caller(['auditor', role.name]);
    expect([await may(user, 'audit:export'), await may(user, 'audit:read')]).toEqual([false, true]);
    expect(await server.gatekeeper.decide(user, 'audit:export', 'none')).toMatchObject({
      policy: `role ${showId('role', role.id)}`,
    });
  });

  it('of one name there is one, and none is called as a built-in one', async () => {
    const { name } = await server.roles.create(admin, named(), terms());
    await expect(server.roles.create(admin, name, terms())).rejects.toMatchObject({ code: 'role-name-taken' });
    await expect(server.roles.create(admin, 'admin', terms())).rejects.toMatchObject({ code: 'role-built-in' });
  });

  it('are changed only as the version that was seen', async () => {
    const { id } = await server.roles.create(admin, named(), terms());
    const stale = { code: 'version-mismatch', kind: 'precondition-failed' };
    await expect(server.roles.change(admin, id, { description: 'x' }, 2)).rejects.toMatchObject(stale);
    await expect(server.roles.remove(admin, id, 2)).rejects.toMatchObject(stale);
    const both = [1, 2].map(() => server.roles.change(admin, id, { description: 'x' }, 1));
    const ends = await Promise.allSettled(both);
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await server.roles.remove(admin, id, 2);
    await expect(server.roles.get(admin, id)).rejects.toMatchObject({ code: 'role-not-found' });
  });

  it('are there as long as somebody has them, and when they go they are gone', async () => {
    const role = await server.roles.create(admin, named(), terms());
    const user = await place.newUser({ roles: [role.name] });
    await expect(server.roles.remove(admin, role.id)).rejects.toMatchObject({ code: 'role-in-use' });
    await place.change(user.id, { roles: [] });
    await server.roleLoans.lend(admin, user.id, role.name, new Date(Date.now() + 60_000));
    await expect(server.roles.remove(admin, role.id)).rejects.toMatchObject({ code: 'role-in-use' });
    await server.roleLoans.takeBack(admin, user.id, role.name);
    await server.roles.remove(admin, role.id);
    expect((await server.roles.list(admin)).map(({ name }) => name)).not.toContain(role.name);
  });

  describe('do not grow by themselves', () => {
    let maker: Principal;
    beforeAll(async () => {
      const role = await server.roles.create(
        admin,
        named(),
        terms({ permissions: ['role:write', 'user:write', 'user:read', 'role:read'] }),
      );
      maker = await caller([role.name]);
    });

    it('nobody makes or changes a role of what they do not have, and that is written down', async () => {
      await expect(server.roles.create(maker, named(), terms())).rejects.toMatchObject(FORBIDDEN);
      const [event] = await place.events(maker.id);
      expect(event).toMatchObject({ action: 'audit:read', result: 'denied', details: { policy: 'authority' } });
      const { id } = await server.roles.create(maker, named(), terms({ permissions: ['user:read'] }));
      const more = server.roles.change(maker, id, { permissions: ['dataset:export'] });
      await expect(more).rejects.toMatchObject(FORBIDDEN);
    });

    it('a role that took away is not turned round', async () => {
      const deny = terms({ effect: 'deny', permissions: ['dataset:export'] });
      const { id } = await server.roles.create(maker, named(), deny);
      await expect(server.roles.change(maker, id, { effect: 'allow' })).rejects.toMatchObject(FORBIDDEN);
    });

    it('nobody changes a role they have', async () => {
      const role = await server.roles.create(admin, named(), terms({ effect: 'deny' }));
      const held = await caller(['admin', role.name]);
      const lifted = server.roles.change(held, role.id, { permissions: ['audit:export'] });
      await expect(lifted).rejects.toMatchObject({ code: expect.stringMatching(/role-is-own|forbidden/) as string });
    });

    it('nobody gives a role that is more than theirs', async () => {
      const { overRoles } = { overRoles: (names: string[]) => server.authority.overRoles(maker, names, 'user') };
      await expect(overRoles(['admin'])).rejects.toMatchObject(FORBIDDEN);
      await expect(overRoles(['auditor'])).rejects.toMatchObject(FORBIDDEN);
      await expect(overRoles(['never-made'])).rejects.toMatchObject({ code: 'role-unknown', kind: 'invalid' });
      await overRoles([]);
      await server.authority.overRoles(admin, ['admin', 'ci'], 'user');
    });

    it('nor changes who has more', async () => {
      const [other, plain] = [await place.newUser(), await place.newUser({ roles: [] })];
      await expect(server.authority.overUser(maker, other.id, 'u')).rejects.toMatchObject(FORBIDDEN);
      await server.authority.overUser(maker, plain.id, 'u');
      await expect(server.authority.overUser(maker, newId(), 'u')).rejects.toMatchObject({ code: 'user-not-found' });
      await server.roleLoans.lend(admin, plain.id, 'admin', new Date(Date.now() + 60_000));
      await expect(server.authority.overUser(maker, plain.id, 'u')).rejects.toMatchObject(FORBIDDEN);
    });
  });

  describe('for a while', () => {
    it('count until their end, to the moment, also where they are remembered', async () => {
      const user = await place.newUser({ roles: [] });
      const until = new Date(server.clock.ms + 60_000);
      expect(await server.roleLoans.lend(admin, user.id, 'auditor', until)).toEqual({
        role: 'auditor',
        expiresAt: until,
      });
      const who = await again(user);
      expect(await may(who, 'audit:read')).toBe(true);
      expect(await server.roleLoans.of(admin, user.id)).toEqual([{ role: 'auditor', expiresAt: until }]);
      const { ms } = server.clock;
      server.clock.ms = until.getTime();
      try {
        expect(await may(who, 'audit:read')).toBe(false);
      } finally {
        server.clock.ms = ms;
      }
    });

    it('are given again for another time, and taken back', async () => {
      const user = await place.newUser({ roles: ['ci'] });
      for (const seconds of [60, 120]) {
        await server.roleLoans.lend(admin, user.id, 'auditor', new Date(Date.now() + seconds * 1000));
      }
      const held = await server.roleLoans.of(admin, user.id);
      expect(held.map(({ role }) => role)).toEqual(['ci', 'auditor']);
      expect(held[1]!.expiresAt!.getTime()).toBeGreaterThan(Date.now() + 61_000);
      await server.roleLoans.takeBack(admin, user.id, 'auditor');
      expect(await may(await again(user), 'audit:read')).toBe(false);
      const missing = server.roleLoans.takeBack(admin, user.id, 'auditor');
      await expect(missing).rejects.toMatchObject({ code: 'role-not-found' });
    });

    it('are not for oneself, for nobody, or of nothing', async () => {
      const until = new Date(Date.now() + 60_000);
      const own = { code: 'own-account' };
      await expect(server.roleLoans.lend(admin, admin.id, 'ci', until)).rejects.toMatchObject(own);
      await expect(server.roleLoans.takeBack(admin, admin.id, 'ci')).rejects.toMatchObject(own);
      const nobody = { code: 'user-not-found' };
      await expect(server.roleLoans.lend(admin, newId(), 'ci', until)).rejects.toMatchObject(nobody);
      await expect(server.roleLoans.of(admin, newId())).rejects.toMatchObject(nobody);
      const { id } = await place.newUser();
      await expect(server.roleLoans.lend(admin, id, 'none', until)).rejects.toMatchObject({ code: 'role-unknown' });
    });
  });
});

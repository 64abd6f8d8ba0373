import { newId, type Principal, showId } from '#kernel';
import { IdentityPlace, PASSWORD, type Server } from '../../../../test/support/identity.ts';
import { programs } from '../../../../test/support/test-database.ts';

describe.each(programs)('an explanation on %s', (program) => {
  let place: IdentityPlace;
  let server: Server;
  let admin: Principal;
  let dataset: string;
  beforeAll(async () => {
    place = await IdentityPlace.open(program);
    server = place.server();
    admin = await caller(['admin']);
    dataset = newId();
    place.datasets.classifications.set(dataset, 'confidential');
  });
  afterAll(() => place.close());

  async function caller(roles: string[]): Promise<Principal> {
    const { email } = await place.newUser({ roles });
    const signedIn = await server.signIns.signIn(email, PASSWORD);
    if (!('accessToken' in signedIn)) throw new Error('a second factor is wanted');
    return server.authenticator.principal(signedIn.accessToken);
  }
  const explain = (who: Principal, change: object = {}) =>
    server.explanations.explain(who, { action: 'dataset:export', datasetId: dataset, circumstances: {}, ...change });

  it('says what allows', async () => {
    expect(await explain(admin)).toMatchObject({ allowed: true, policy: 'role admin', roles: [], grant: false });
  });

  it('says what is missing, and every role that would be enough', async () => {
    const who = await caller(['auditor']);
    expect(await explain(who)).toMatchObject({
      allowed: false,
      userId: who.id,
      policy: 'default',
      reason: 'the permission is missing',
      roles: ['admin'],
      grant: true,
    });
    expect((await explain(who, { action: 'audit:export', datasetId: undefined })).allowed).toBe(true);
    expect(await explain(who, { action: 'user:write', datasetId: undefined })).toMatchObject({
      roles: ['admin'],
      grant: false,
    });
  });

  it('says that a condition is in the way, and tries another time, purpose and address', async () => {
    const terms = { description: '', effect: 'allow' as const, permissions: ['dataset:export'] };
    const conditions = { purposes: ['training'], networks: ['192.0.2.0/24'] };
    const role = await server.roles.create(admin, 'trainer', { ...terms, conditions });
    const who = await caller([role.name]);
    expect((await explain(who)).reason).toMatch('conditions');
    const circumstances = { purpose: 'training', ip: '192.0.2.9' };
    const allowed = await explain(who, { circumstances });
    expect(allowed).toMatchObject({ allowed: true, policy: `role ${showId('role', role.id)}`, by: { conditions } });
    const other = await caller([]);
    expect((await explain(other, { circumstances })).roles).toEqual(['admin', 'trainer']);
  });

  it('says that something denies, which no role and no grant would help', async () => {
    const who = await caller(['data-engineer']);
    const deny = { effect: 'deny' as const, permissions: ['dataset:export'], conditions: {}, expiresAt: null };
    const { id } = await server.grants.give(admin, dataset, { userId: who.id, role: null, ...deny });
    // The rights of a caller are those of the request: what came since is in the next.
    const asked = await explain(admin, { userId: who.id });
    expect(asked).toMatchObject({ allowed: false, policy: `grant ${showId('grt', id)}`, roles: [], grant: false });
    expect(asked.by?.effect).toBe('deny');
  });

  it('says that the API key is too narrow', async () => {
    const terms = { name: 'n', scopes: ['dataset:read'], datasetIds: null, networks: [], expiresAt: null };
    const { secret } = await server.ownKeys.create(admin, terms);
    const key = await server.authenticator.principal(secret);
    expect(await explain(key)).toMatchObject({ allowed: false, policy: 'api-key', roles: [], grant: false });
  });

  it('about somebody else is for those who may see roles', async () => {
    const [auditor, plain] = [await caller(['auditor']), await caller([])];
    expect((await explain(auditor, { userId: plain.id })).userId).toBe(plain.id);
    await expect(explain(plain, { userId: auditor.id })).rejects.toMatchObject({ code: 'forbidden' });
    await expect(explain(auditor, { userId: newId() })).rejects.toMatchObject({ code: 'user-not-found' });
  });

  it('is not given of what is not there', async () => {
    await expect(explain(admin, { datasetId: newId() })).rejects.toThrow('no such dataset');
  });

  describe('of the rights of somebody who is not calling', () => {
    const may = (userId: string): Promise<boolean> =>
      server.userRights.may(place.tenantId, userId, 'dataset:review', dataset);

    it('asks for roles and grants, and not for the hour, the address and the purpose', async () => {
      const { id } = await place.newUser({ roles: ['auditor'] });
      expect(await may(id)).toBe(false);
      const said = { description: '', permissions: ['dataset:review'] } as const;
      const narrow = { purposes: ['audits'], networks: ['192.0.2.0/24'] };
      const allowing = { ...said, effect: 'allow' as const, permissions: [...said.permissions] };
      await server.roles.create(admin, 'reviewer', { ...allowing, conditions: narrow });
      await server.roles.create(admin, 'not-at-night', { ...allowing, effect: 'deny', conditions: narrow });
      await server.roles.create(admin, 'never', { ...allowing, effect: 'deny', conditions: {} });
      await server.roles.create(admin, 'public', { ...allowing, conditions: { classifications: ['public'] } });
      for (const [roles, expected] of [
        [['reviewer', 'not-at-night'], true],
        [['reviewer', 'never'], false],
        [['public'], false],
        [['privacy-officer'], true],
      ] as const) {
        await place.change(id, { roles: [...roles] });
        expect([roles, await may(id)]).toEqual([roles, expected]);
      }
    });

    it('finds none where the account is closed, locked, or was never there', async () => {
      for (const change of [{ disabledAt: new Date() }, { lockedAt: new Date() }]) {
        const { id } = await place.newUser({ roles: ['admin'] });
        expect(await may(id)).toBe(true);
        await place.change(id, change);
        expect(await may(id)).toBe(false);
      }
      expect(await may(newId())).toBe(false);
    });
  });
});

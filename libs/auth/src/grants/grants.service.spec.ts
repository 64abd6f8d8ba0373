import { newId, type Principal, runInContext, showId } from '#kernel';
import { IdentityPlace, PASSWORD, type Server } from '../../../../test/support/identity.ts';
import { programs } from '../../../../test/support/test-database.ts';
import { isEverything, isNothing } from '../access/decide.ts';
import { CLASSIFICATIONS } from '../access/rule.ts';
import type { GrantTerms } from './grants.service.ts';

describe.each(programs)('grants on %s', (program) => {
  let place: IdentityPlace;
  let server: Server;
  let officer: Principal;
  let dataset: string;
  beforeAll(async () => {
    place = await IdentityPlace.open(program);
    server = place.server();
    officer = await signIn(await place.newUser({ roles: ['privacy-officer'] }));
  });
  afterAll(() => place.close());
  beforeEach(() => {
    dataset = newId();
    place.datasets.classifications.set(dataset, 'confidential');
  });

  async function signIn({ email }: { email: string }): Promise<Principal> {
    const signedIn = await server.signIns.signIn(email, PASSWORD);
    if (!('accessToken' in signedIn)) throw new Error('a second factor is wanted');
    return server.authenticator.principal(signedIn.accessToken);
  }
  const terms = (change: Partial<GrantTerms> = {}): GrantTerms => ({
    userId: null,
    role: null,
    effect: 'allow',
    permissions: ['record:read'],
    conditions: {},
    expiresAt: null,
    ...change,
  });
  const may = async (who: Principal, permission = 'record:read', id = dataset): Promise<boolean> =>
    (await server.gatekeeper.decide(who, permission, { dataset: id })).allowed;

  it('let a user do with one dataset what no role lets them', async () => {
    const user = await place.newUser({ roles: [] });
    expect(await may(await signIn(user))).toBe(false);
    const grant = await server.grants.give(officer, dataset, terms({ userId: user.id }));
    const who = await signIn(user);
    expect([await may(who), await may(who, 'dataset:export'), await may(who, 'record:read', newId())]).toEqual([
      true,
      false,
      false,
    ]);
    expect((await server.gatekeeper.decide(who, 'record:read', { dataset })).policy).toBe(
      `grant ${showId('grt', grant.id)}`,
    );
    // Only for the one, and so not for what is about all of them.
    expect((await server.gatekeeper.decide(who, 'record:read', 'all')).allowed).toBe(false);
    expect((await server.gatekeeper.decide(who, 'record:read', 'each')).allowed).toBe(true);
    expect((await server.gatekeeper.decide(who, 'dataset:write', 'none')).allowed).toBe(false);

    await server.grants.takeBack(officer, dataset, grant.id);
    expect(await may(await signIn(user))).toBe(false);
    const told = (await place.events(officer.id)).filter(({ resource }) => resource === showId('ds', dataset));
    expect(told.map(({ action }) => action)).toEqual(['grant.take-back', 'grant.give']);
    expect(told[1]!.details).toMatchObject({ to: showId('usr', user.id), permissions: 'record:read', effect: 'allow' });
  });

  it('let everybody with a role, and nobody without', async () => {
    await server.grants.give(officer, dataset, terms({ role: 'operator' }));
    expect(await may(await signIn(await place.newUser({ roles: ['operator'] })))).toBe(true);
    expect(await may(await signIn(await place.newUser({ roles: ['auditor'] })))).toBe(false);
  });

  it('end with the role that was lent for a while', async () => {
    const admin = await signIn(await place.newUser());
    const user = await place.newUser({ roles: [] });
    await server.grants.give(officer, dataset, terms({ role: 'operator' }));
    await server.roleLoans.lend(admin, user.id, 'operator', new Date(server.clock.ms + 60_000));
    const who = await signIn(user);
    expect(await may(who)).toBe(true);
    const { ms } = server.clock;
    server.clock.ms += 60_000;
    try {
      expect(await may(who)).toBe(false);
    } finally {
      server.clock.ms = ms;
    }
  });

  it('that deny win over roles and over grants', async () => {
    const user = await place.newUser({ roles: ['data-engineer'] });
    await server.grants.give(officer, dataset, terms({ userId: user.id }));
    expect(await may(await signIn(user))).toBe(true);
    await server.grants.give(officer, dataset, terms({ role: 'data-engineer', effect: 'deny' }));
    const who = await signIn(user);
    expect([await may(who), await may(who, 'record:read', newId())]).toEqual([false, true]);
    // What is about all datasets would be about this one too.
    expect((await server.gatekeeper.decide(who, 'record:read', 'all')).allowed).toBe(false);
    expect((await server.gatekeeper.decide(who, 'dataset:read', 'all')).allowed).toBe(true);
  });

  it('hold only under their conditions', async () => {
    const user = await place.newUser({ roles: [] });
    const conditions = { purposes: ['training'], networks: ['192.0.2.0/24'] };
    await server.grants.give(officer, dataset, terms({ userId: user.id, conditions }));
    const who = await signIn(user);
    const from = (ip: string, purpose?: string) => runInContext({ requestId: 'r', ip, purpose }, () => may(who));
    expect([
      await from('192.0.2.1', 'training'),
      await from('192.0.2.1', 'fun'),
      await from('192.0.2.1'),
      await from('198.51.100.1', 'training'),
    ]).toEqual([true, false, false, false]);
  });

  it('and roles ask how the dataset is classified at the moment', async () => {
    const who = await signIn(await place.newUser({ roles: ['ml-engineer'] }));
    for (const name of CLASSIFICATIONS) {
      place.datasets.classifications.set(dataset, name);
      expect([name, await may(who)]).toEqual([name, name === 'public' || name === 'internal']);
    }
  });

  it('invariant 3: what is not there is no more open than what is', async () => {
    const engineer = await signIn(await place.newUser({ roles: ['ml-engineer'] }));
    const auditor = await signIn(await place.newUser({ roles: ['auditor'] }));
    expect([await may(engineer, 'record:read', newId()), await may(auditor, 'record:read', newId())]).toEqual([
      true,
      false,
    ]);
  });

  it('make a reach: which datasets a list may show', async () => {
    const [plain, engineer] = [await place.newUser({ roles: [] }), await place.newUser({ roles: ['data-engineer'] })];
    expect(isNothing(server.gatekeeper.reach(await signIn(plain), 'dataset:read'))).toBe(true);
    expect(isEverything(server.gatekeeper.reach(await signIn(engineer), 'dataset:read'))).toBe(true);
    await server.grants.give(officer, dataset, terms({ userId: plain.id, permissions: ['dataset:read'] }));
    const deny = terms({ userId: engineer.id, permissions: ['dataset:read'], effect: 'deny' });
    await server.grants.give(officer, dataset, deny);
    const only = server.gatekeeper.reach(await signIn(plain), 'dataset:read');
    const but = server.gatekeeper.reach(await signIn(engineer), 'dataset:read');
    expect([only.public, but.public]).toEqual([
      { all: false, ids: [dataset] },
      { all: true, ids: [dataset] },
    ]);
  });

  it('nobody changes what they may do themselves, neither way', async () => {
    const own = { code: 'grant-is-own', kind: 'conflict' };
    const give = (change: Partial<GrantTerms>) => server.grants.give(officer, dataset, terms(change));
    await expect(give({ userId: officer.id })).rejects.toMatchObject(own);
    await expect(give({ role: 'privacy-officer' })).rejects.toMatchObject(own);
    const other = await signIn(await place.newUser());
    const deny = await server.grants.give(other, dataset, terms({ userId: officer.id, effect: 'deny' }));
    await expect(server.grants.takeBack(officer, dataset, deny.id)).rejects.toMatchObject(own);
    expect(
      await may(
        await signIn({
          email: (await place.query<{ email: string }>('SELECT email FROM users WHERE id = $1', [officer.id]))[0]!
            .email,
        }),
      ),
    ).toBe(false);
  });

  it('are to somebody, and for a dataset that is there', async () => {
    const give = (change: Partial<GrantTerms>, id = dataset) => server.grants.give(officer, id, terms(change));
    await expect(give({ userId: newId() })).rejects.toMatchObject({ code: 'user-not-found' });
    await expect(give({ role: 'never-made' })).rejects.toMatchObject({ code: 'role-unknown' });
    await expect(give({ role: 'ci' }, newId())).rejects.toThrow('no such dataset');
    await expect(server.grants.get(officer, dataset, newId())).rejects.toMatchObject({ code: 'grant-not-found' });
    await expect(server.grants.takeBack(officer, dataset, newId())).rejects.toMatchObject({ code: 'grant-not-found' });
  });

  it('are found by their own dataset alone, page by page', async () => {
    const given = [];
    for (const role of ['ci', 'auditor', 'operator'])
      given.push(await server.grants.give(officer, dataset, terms({ role })));
    const first = await server.grants.list(officer, dataset, 2);
    const second = await server.grants.list(officer, dataset, 2, first.nextCursor!);
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(given.map(({ id }) => id));
    expect(second.nextCursor).toBeNull();
    const other = newId();
    place.datasets.classifications.set(other, 'public');
    expect((await server.grants.list(officer, other, 10)).items).toEqual([]);
    await expect(server.grants.get(officer, other, given[0]!.id)).rejects.toMatchObject({ code: 'grant-not-found' });
  });

  it('go over to a copy, so that a copy is no way around them', async () => {
    const copy = newId();
    place.datasets.classifications.set(copy, 'confidential');
    const user = await place.newUser({ roles: ['data-engineer'] });
    await server.grants.give(officer, dataset, terms({ userId: user.id, effect: 'deny' }));
    await place.inTenant(() => server.grants.copy(officer, dataset, copy));
    expect(await may(await signIn(user), 'record:read', copy)).toBe(false);
    const [event] = await place.events(officer.id);
    expect(event).toMatchObject({ action: 'grant.copy', resource: showId('ds', copy), details: { grants: 1 } });
  });

  it('a change of them is known to another server within two seconds', async () => {
    const other = place.server();
    const user = await place.newUser({ roles: [] });
    const signedIn = await other.signIns.signIn(user.email, PASSWORD);
    if (!('accessToken' in signedIn)) throw new Error('a second factor is wanted');
    const asked = async (): Promise<boolean> => {
      const who = await other.authenticator.principal(signedIn.accessToken);
      return (await other.gatekeeper.decide(who, 'record:read', { dataset })).allowed;
    };
    expect(await asked()).toBe(false);
    const { id } = await server.grants.give(officer, dataset, terms({ userId: user.id }));
    other.clock.ms += 2000;
    expect(await asked()).toBe(true);
    await server.grants.takeBack(officer, dataset, id);
    other.clock.ms += 2000;
    expect(await asked()).toBe(false);
  });
});

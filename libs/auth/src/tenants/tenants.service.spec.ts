import { type Principal, showId } from '#kernel';
import { newId } from '#kernel';
import { IdentityPlace, PASSWORD, type Server } from '../../../../test/support/identity.ts';
import { programs } from '../../../../test/support/test-database.ts';
import { PLATFORM_TENANT } from '../roles/rights.repository.ts';

describe.each(programs)('tenants on %s', (program) => {
  let place: IdentityPlace;
  let server: Server;
  beforeAll(async () => {
    place = await IdentityPlace.open(program);
    server = place.server();
  });
  afterAll(() => place.close());

  async function signIn(email: string, password = PASSWORD): Promise<Principal> {
    const signedIn = await server.signIns.signIn(email, password);
    if (!('accessToken' in signedIn)) throw new Error('a second factor is wanted');
    return server.authenticator.principal(signedIn.accessToken);
  }
  const fresh = () => ({ slug: `s-${newId()}`, name: 'North', adminEmail: `nora-${newId()}@example.org` });

  it('are made with a first administrator, who rules there and nowhere else', async () => {
    const caller = await signIn((await place.newUser()).email);
    const wanted = fresh();
    const { tenant, admin } = await server.tenants.create(caller, wanted);
    expect(tenant).toMatchObject({ slug: wanted.slug, name: 'North' });
    await server.ownPasswords.accept(admin.invitation!, PASSWORD);
    const nora = await signIn(wanted.adminEmail);
    expect(nora).toMatchObject({ id: admin.user.id, tenantId: tenant.id });
    expect([nora.permissions.has('user:write'), nora.permissions.has('platform:tenants')]).toEqual([true, false]);
    expect((await server.people.list(nora, 10)).items.map(({ id }) => id)).toEqual([nora.id]);
    await expect(server.people.get(nora, caller.id)).rejects.toMatchObject({ code: 'user-not-found' });

    const there = await place.place.database.inTenant(tenant.id, () =>
      place.place.database.query<{ action: string }>('SELECT action FROM audit_events ORDER BY id LIMIT 2'),
    );
    expect(there.map(({ action }) => action)).toEqual(['tenant.create', 'user.create']);
    expect((await place.events(caller.id))[0]).toMatchObject({
      action: 'tenant.create',
      resource: showId('ten', tenant.id),
    });
  });

  it('are not made twice, nor for an address that has a user', async () => {
    const caller = await signIn((await place.newUser()).email);
    const first = fresh();
    await server.tenants.create(caller, first);
    const twice = server.tenants.create(caller, { ...fresh(), slug: first.slug });
    await expect(twice).rejects.toMatchObject({ code: 'tenant-slug-taken', kind: 'conflict' });
    const wanted = { ...fresh(), adminEmail: first.adminEmail.toUpperCase() };
    await expect(server.tenants.create(caller, wanted)).rejects.toMatchObject({ code: 'email-taken' });
    expect((await server.users.tenants()).map(({ slug }) => slug)).not.toContain(wanted.slug);
  });

  it('are listed page by page', async () => {
    const first = await server.tenants.list(1);
    const rest = await server.tenants.list(100, first.nextCursor!);
    const ids = [...first.items, ...rest.items].map(({ id }) => id);
    expect(ids).toEqual((await server.users.tenants()).map(({ id }) => id).sort());
    expect(rest.nextCursor).toBeNull();
    expect((await server.tenants.get(ids[0]!)).id).toBe(ids[0]);
    await expect(server.tenants.get(newId())).rejects.toMatchObject({ code: 'tenant-not-found', kind: 'not-found' });
  });

  it('are for administrators of the first one alone', async () => {
    const [id, tenantId] = [newId(), newId()];
    const { database } = place.place;
    const [row] = await place.query<{ password_hash: string }>('SELECT password_hash FROM users WHERE id = $1', [
      (await place.newUser()).id,
    ]);
    const email = `root-${id}@example.org`;
    await database.inTenant(tenantId, async () => {
      await server.users.insertTenant({ id: tenantId, slug: PLATFORM_TENANT, name: 'Default' });
      const passwordHash = row!.password_hash;
      await server.users.insert({ id, tenantId, email, passwordHash, roles: ['admin'] });
      await server.users.insert({ id: newId(), tenantId, email: `x${email}`, passwordHash, roles: ['auditor'] });
    });
    expect((await signIn(email)).permissions.has('platform:tenants')).toBe(true);
    expect((await signIn(`x${email}`)).permissions.has('platform:tenants')).toBe(false);
    expect((await signIn((await place.newUser()).email)).permissions.has('platform:tenants')).toBe(false);
  });
});

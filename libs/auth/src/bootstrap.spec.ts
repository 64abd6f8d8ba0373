import { Audit, AuditEvent } from '#audit';
import { openTestDatabase, programs, type TestDatabase } from '../../../test/support/test-database.ts';
import { KeptLog, PASSWORD } from '../../../test/support/identity.ts';
import { authEntities } from './auth.entities.ts';
import { bootstrap } from './bootstrap.ts';
import { Passwords } from './users/passwords.ts';
import { User } from './users/user.entity.ts';
import { UserRepository } from './users/user.repository.ts';

const EMAIL = 'ada@example.org';

describe.each(programs)('the very first start on %s', (program) => {
  let place: TestDatabase;
  const passwords = new Passwords();
  beforeEach(async () => {
    place = await openTestDatabase(program, [...authEntities, AuditEvent]);
  });
  afterEach(() => place.close());

  function parts() {
    const { database } = place;
    return { database, users: new UserRepository(database), passwords, audit: new Audit(database), log: new KeptLog() };
  }

  it('invariant 8: of several servers makes one tenant with one administrator, whose password is said once', async () => {
    const all = [1, 2, 3, 4].map(() => parts());
    await Promise.all(all.map((each) => bootstrap(each, { email: ' Ada@Example.org ' })));
    await bootstrap(all[0]!, { email: 'other@example.org' });

    const { users, database } = all[0]!;
    const tenants = await users.tenants();
    expect(tenants.map(({ slug }) => slug)).toEqual(['default']);
    const found = await database.inTenant(tenants[0]!.id, () => database.repository(User).find());
    expect(found).toMatchObject([{ email: EMAIL, roles: ['admin'], disabledAt: null }]);

    const said = all.flatMap(({ log }) => log.lines).filter((line) => 'initial_password' in line);
    expect(said).toHaveLength(1);
    expect(await passwords.matches(found[0]!.passwordHash, String(said[0]!['initial_password']))).toBe(true);
    expect(String(said[0]!['initial_password']).length).toBeGreaterThanOrEqual(15);

    const events = await database.inTenant(tenants[0]!.id, () => database.repository(AuditEvent).find());
    expect(events.map(({ action }) => action).sort()).toEqual(['tenant.create', 'user.create']);
  });

  it('with a given password says none', async () => {
    const all = parts();
    await bootstrap(all, { email: EMAIL, password: PASSWORD });
    expect(all.log.lines.some((line) => 'initial_password' in line)).toBe(false);
    const user = await all.users.findForSignIn(EMAIL);
    expect(await passwords.matches(user!.passwordHash, PASSWORD)).toBe(true);
  });
});

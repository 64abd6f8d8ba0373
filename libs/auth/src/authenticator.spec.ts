import { JwtService } from '@nestjs/jwt';
import { Audit, AuditEvent } from '#audit';
import { Clock, Log, type LogFields, newId, runInContext } from '#kernel';
import { openTestDatabase, programs, type TestDatabase } from '../../../test/support/test-database.ts';
import { authEntities } from './auth.entities.ts';
import { AuthCounters, Authenticator } from './authenticator.ts';
import { bootstrap } from './bootstrap.ts';
import { Passwords } from './passwords.ts';
import { permissions } from './permissions.ts';
import { Tokens } from './tokens.ts';
import { User } from './user.entity.ts';
import { UserRepository } from './user.repository.ts';

class SetClock extends Clock {
  ms = Date.now();
  override now(): Date {
    return new Date(this.ms);
  }
}

class Counts extends AuthCounters {
  attempts = 0;
  failures = 0;
  denials = 0;
  override attempt(): void {
    this.attempts += 1;
  }
  override failure(): void {
    this.failures += 1;
  }
  override denied(): void {
    this.denials += 1;
  }
}

class KeptLog extends Log {
  readonly lines: LogFields[] = [];
  override debug(): void {}
  override info(fields: LogFields): void {
    this.lines.push(fields);
  }
  override warn(fields: LogFields): void {
    this.lines.push(fields);
  }
  override error(fields: LogFields): void {
    this.lines.push(fields);
  }
}

const EMAIL = 'ada@example.org';
const PASSWORD = 'a passphrase of five words';

describe.each(programs)('on %s', (program) => {
  let place: TestDatabase;
  const passwords = new Passwords();
  beforeAll(async () => {
    place = await openTestDatabase(program, [...authEntities, AuditEvent]);
  });
  afterAll(() => place.close());

  function parts() {
    const { database } = place;
    const users = new UserRepository(database);
    return { database, users, passwords, audit: new Audit(database), log: new KeptLog() };
  }

  describe('the very first start', () => {
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
      const database = await openTestDatabase(program, [...authEntities, AuditEvent]);
      try {
        const log = new KeptLog();
        const users = new UserRepository(database.database);
        const audit = new Audit(database.database);
        await bootstrap(
          { database: database.database, users, passwords, audit, log },
          { email: EMAIL, password: PASSWORD },
        );
        expect(log.lines.some((line) => 'initial_password' in line)).toBe(false);
        const user = await users.findForSignIn(EMAIL);
        expect(await passwords.matches(user!.passwordHash, PASSWORD)).toBe(true);
      } finally {
        await database.close();
      }
    });
  });

  describe('signing in', () => {
    const tenantId = newId();
    const userId = newId();
    const email = 'grace@example.org';
    let clock: SetClock;
    let counters: Counts;
    let authenticator: Authenticator;
    let tokens: Tokens;

    const user = (change: Partial<User>): Promise<unknown> =>
      place.database.inTenant(tenantId, () => place.database.repository(User).update(userId, change));

    beforeAll(async () => {
      const { users, database } = parts();
      const passwordHash = await passwords.hash(PASSWORD);
      await database.inTenant(tenantId, async () => {
        await users.insertTenant({ id: tenantId, slug: 'other', name: 'Other' });
        await users.insert({ id: userId, tenantId, email, passwordHash, roles: ['admin'] });
      });
    });
    beforeEach(async () => {
      clock = new SetClock();
      counters = new Counts();
      tokens = new Tokens(new JwtService({}), { secret: 's'.repeat(32), issuer: 'i', audience: 'a', minutes: 15 });
      authenticator = new Authenticator({ ...parts(), tokens, counters, clock });
      await user({ disabledAt: null, roles: ['admin'] });
    });

    const events = (): Promise<AuditEvent[]> =>
      place.database.inTenant(tenantId, () => place.database.repository(AuditEvent).find({ order: { id: 'DESC' } }));

    it('tells a refusal to the log, the counters and the audit', async () => {
      const log = new KeptLog();
      const told = new Authenticator({ ...parts(), tokens, counters, clock, log });
      const who = { id: userId, tenantId, permissions: new Set<string>() };
      await told.deny(who, 'dataset:write', 'POST /api/v1/datasets');
      const denied = { action: 'dataset:write', resource: 'POST /api/v1/datasets', result: 'denied' };
      expect((await events())[0]).toMatchObject({ ...denied, actorId: userId, reason: 'the permission is missing' });
      expect(log.lines).toEqual([expect.objectContaining({ ...denied, event_type: 'authorization', policy: 'roles' })]);
      expect(counters.denials).toBe(1);
    });

    it('gives a token that leads back to the user, his tenant and his rights', async () => {
      const { accessToken, expiresIn } = await authenticator.signIn(email, PASSWORD);
      expect(expiresIn).toBe(900);
      const principal = await authenticator.principal(accessToken);
      expect(principal).toEqual({ id: userId, tenantId, permissions: new Set(Object.keys(permissions)) });
    });

    it('takes an address in any of its spellings', async () => {
      await authenticator.signIn('  GRACE@example.ORG ', PASSWORD);
      await authenticator.signIn('ｇｒａｃｅ@example.org', PASSWORD);
    });

    it('invariant 4: is told to the audit, whether it worked or not', async () => {
      await runInContext({ requestId: 'req-1', ip: '192.0.2.7' }, () => authenticator.signIn(email, PASSWORD));
      expect((await events())[0]).toMatchObject({
        action: 'auth.sign-in',
        result: 'allowed',
        actorId: userId,
        requestId: 'req-1',
        ip: '192.0.2.7',
      });
      await authenticator.signIn(email, 'wrong').catch(() => undefined);
      expect((await events())[0]).toMatchObject({ action: 'auth.sign-in', result: 'denied' });
    });

    it('invariant 4: gives no token when it cannot be told to the audit', async () => {
      const silent = Object.assign(new Audit(place.database), {
        append: () => Promise.reject(new Error('the audit is full')),
      });
      const careful = new Authenticator({ ...parts(), audit: silent, tokens, counters, clock });
      await expect(careful.signIn(email, PASSWORD)).rejects.toThrow('the audit is full');
    });

    it.each<[string, () => [string, string] | Promise<[string, string]>]>([
      ['a wrong password', () => [email, 'wrong']],
      ['no password', () => [email, '']],
      ['an address nobody has', () => ['nobody@example.org', PASSWORD]],
      ['no address', () => ['', PASSWORD]],
      ['an address with NUL', () => ['grace@example.org\0', PASSWORD]],
      ['half a surrogate pair', () => ['\ud800@example.org', PASSWORD]],
      ['an address that is SQL', () => ["' OR true --", PASSWORD]],
      [
        'a disabled user',
        async () => {
          await user({ disabledAt: new Date() });
          return [email, PASSWORD];
        },
      ],
    ])('with %s fails with one and the same error', async (_, make) => {
      const [address, password] = await make();
      const error = await authenticator.signIn(address, password).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: 'unauthorized', kind: 'unauthenticated' });
      expect((error as Error).message).toBe('The e-mail address or the password is wrong.');
      expect(counters).toMatchObject({ attempts: 1, failures: 1 });
    });

    it('never writes an address or a password to the log', async () => {
      const log = new KeptLog();
      const logged = new Authenticator({ ...parts(), log, tokens, counters, clock });
      await logged.signIn(email, PASSWORD);
      await logged.signIn('nobody@example.org', 'secret words').catch(() => undefined);
      expect(log.lines).toHaveLength(2);
      expect(JSON.stringify(log.lines)).not.toMatch(/example\.org|secret words|passphrase/);
    });

    describe('afterwards', () => {
      let token: string;
      beforeEach(async () => {
        ({ accessToken: token } = await authenticator.signIn(email, PASSWORD));
        await authenticator.principal(token);
      });

      it('rights lag behind the store for five seconds at most', async () => {
        await user({ roles: [] });
        clock.ms += 4_999;
        expect((await authenticator.principal(token)).permissions.size).toBeGreaterThan(0);
        clock.ms += 1;
        expect((await authenticator.principal(token)).permissions.size).toBe(0);
      });

      it('rights do not last longer because the clock was set back', async () => {
        await user({ roles: [] });
        clock.ms -= 3_600_000;
        expect((await authenticator.principal(token)).permissions.size).toBe(0);
      });

      it('a disabled user is out after five seconds', async () => {
        await user({ disabledAt: new Date() });
        clock.ms += 5_000;
        await expect(authenticator.principal(token)).rejects.toMatchObject({ code: 'unauthorized' });
      });

      it('invariant 3: a token of another tenant is nobody here, also while the user is remembered', async () => {
        const crossed = await tokens.issue({ userId, tenantId: newId() });
        await expect(authenticator.principal(crossed)).rejects.toMatchObject({ code: 'unauthorized' });
      });

      it('a token of a user who is gone is refused', async () => {
        const stranger = await tokens.issue({ userId: newId(), tenantId });
        await expect(authenticator.principal(stranger)).rejects.toMatchObject({ code: 'unauthorized' });
      });
    });
  });
});

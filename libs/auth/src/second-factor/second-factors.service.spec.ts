import type { Principal } from '#kernel';
import { IdentityPlace, PASSWORD, type Server } from '../../../../test/support/identity.ts';
import { programs } from '../../../../test/support/test-database.ts';
import { codeAt, stepAt } from './totp.ts';

const WRONG = { code: 'code-wrong', kind: 'invalid' };
const REFUSED = { code: 'unauthorized' };
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function bytesOf(base32: string): Buffer {
  const bits = Array.from(base32, (each) => BASE32.indexOf(each).toString(2).padStart(5, '0')).join('');
  return Buffer.from(bits.match(/.{8}/g)!.map((byte) => Number.parseInt(byte, 2)));
}

describe.each(programs)('a second factor on %s', (program) => {
  let place: IdentityPlace;
  let server: Server;
  let user: { id: string; tenantId: string; email: string };
  let me: Principal;
  beforeAll(async () => {
    place = await IdentityPlace.open(program);
  });
  afterAll(() => place.close());
  beforeEach(async () => {
    server = place.server();
    user = await place.newUser();
    me = { ...user, permissions: new Set() };
  });

  /** What the app shows, some half minutes from now. */
  const shown = (secret: string, later = 0): string => codeAt(bytesOf(secret), stepAt(server.clock.now()) + later);
  const enrolled = async (): Promise<{ secret: string; codes: string[] }> => {
    const { secret } = await server.secondFactors.enrol(me);
    const codes = await server.secondFactors.confirm(me, shown(secret));
    server.clock.ms += 30_000;
    return { secret, codes };
  };
  const pending = async (password = PASSWORD): Promise<string> => {
    const half = await server.signIns.signIn(user.email, password);
    if (!('pendingToken' in half)) throw new Error('signed in with a password alone');
    return half.pendingToken;
  };
  const wrong = (secret: string): string => (shown(secret) === '000000' ? '000001' : '000000');

  it('is not asked for before a code has shown that the app works', async () => {
    const { secret } = await server.secondFactors.enrol(me);
    expect(await server.secondFactors.recoveryCodesLeft(me)).toBeNull();
    expect(await server.signIns.signIn(user.email, PASSWORD)).toHaveProperty('accessToken');
    await expect(server.secondFactors.confirm(me, wrong(secret))).rejects.toMatchObject(WRONG);
    expect(await server.secondFactors.confirm(me, shown(secret))).toHaveLength(10);
    expect(await server.secondFactors.recoveryCodesLeft(me)).toBe(10);
    expect(await server.signIns.signIn(user.email, PASSWORD)).toHaveProperty('pendingToken');
  });

  it('is offered anew until it is confirmed, and then it stays', async () => {
    const first = await server.secondFactors.enrol(me);
    const { secret, uri } = await server.secondFactors.enrol(me);
    expect(secret).toMatch(/^[A-Z2-7]{52}$/);
    expect(uri).toContain(`secret=${secret}&issuer=vault`);
    await expect(server.secondFactors.confirm(me, shown(first.secret))).rejects.toMatchObject(WRONG);
    await server.secondFactors.confirm(me, shown(secret));
    await expect(server.secondFactors.enrol(me)).rejects.toMatchObject({ code: 'second-factor-confirmed' });
    await expect(server.secondFactors.confirm(me, shown(secret, 1))).rejects.toMatchObject({
      code: 'second-factor-missing',
    });
  });

  it('is at rest sealed, and its recovery codes as hashes', async () => {
    const { secret, codes } = await enrolled();
    const [row] = await place.query('SELECT * FROM second_factors WHERE user_id = $1', [user.id]);
    const bytes = Buffer.concat(
      Object.values(row!).flatMap((value) =>
        Buffer.isBuffer(value) ? [value] : Array.isArray(value) ? (value as Buffer[]) : [Buffer.from(String(value))],
      ),
    );
    expect(bytes.includes(bytesOf(secret))).toBe(false);
    expect(bytes.toString()).not.toMatch(new RegExp([secret, ...codes].join('|')));
  });

  it('opens for its own user alone', async () => {
    const { secret } = await enrolled();
    const other = await place.newUser();
    await place.query(
      `INSERT INTO second_factors SELECT $2, tenant_id, tenant_key_version, secret_salt, secret_wrapped, secret_commitment,
         recovery_hashes, 0, confirmed_at, created_at FROM second_factors WHERE user_id = $1`,
      [user.id, other.id],
    );
    await expect(server.secondFactors.check(other, shown(secret))).rejects.toMatchObject({ code: 'key-mismatch' });
  });

  describe('at the sign-in', () => {
    it('makes two steps of it, and tells of both', async () => {
      const { secret } = await enrolled();
      const signedIn = await server.signIns.complete(await pending(), shown(secret), 'a test');
      const { sessionId } = await server.authenticator.principal(signedIn.accessToken);
      const [session] = await place.query('SELECT method FROM sessions WHERE id = $1', [sessionId]);
      expect(session).toEqual({ method: 'password+totp' });
      const told = (await place.events(user.id)).map(({ action, details }) => [action, details['method']]);
      expect(told.slice(0, 2)).toEqual([
        ['auth.sign-in', 'password+totp'],
        ['auth.password', 'password'],
      ]);
    });

    it('takes each code once, and none that is older than the last one', async () => {
      const { secret } = await enrolled();
      const code = shown(secret, 1);
      const older = shown(secret);
      await server.signIns.complete(await pending(), code);
      for (const used of [code, older]) {
        await expect(server.signIns.complete(await pending(), used)).rejects.toMatchObject(REFUSED);
      }
      server.clock.ms += 60_000;
      await server.signIns.complete(await pending(), shown(secret));
    });

    it('takes a code once, also when it comes many times at once', async () => {
      const { secret } = await enrolled();
      const [token, code] = [await pending(), shown(secret)];
      const all = await Promise.allSettled(Array.from({ length: 8 }, () => server.signIns.complete(token, code)));
      expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });

    it('takes the code of the confirmation no second time', async () => {
      const { secret } = await server.secondFactors.enrol(me);
      const code = shown(secret);
      await server.secondFactors.confirm(me, code);
      await expect(server.signIns.complete(await pending(), code)).rejects.toMatchObject(REFUSED);
    });

    it('takes a recovery code once, however it is written', async () => {
      const { codes } = await enrolled();
      const typed = ` ${codes[3]!.toUpperCase().replaceAll('-', ' ')}`;
      const signedIn = await server.signIns.complete(await pending(), typed);
      expect((await server.authenticator.principal(signedIn.accessToken)).id).toBe(user.id);
      expect(await server.secondFactors.recoveryCodesLeft(me)).toBe(9);
      await expect(server.signIns.complete(await pending(), codes[3]!)).rejects.toMatchObject(REFUSED);
      await server.signIns.complete(await pending(), codes[4]!);
      expect((await place.events(user.id)).map(({ action }) => action)).toContain('second-factor.recover');
    });

    it.each<[string, () => Promise<unknown>]>([
      ['a disabled user', () => place.change(user.id, { disabledAt: new Date() })],
      ['a locked user', () => place.change(user.id, { lockedAt: new Date() })],
      ['a user whose factor was taken away', () => server.secondFactors.reset(me, user.id)],
    ])('lets %s in with no code', async (_, make) => {
      const { secret } = await enrolled();
      const token = await pending();
      await make();
      await expect(server.signIns.complete(token, shown(secret))).rejects.toMatchObject(REFUSED);
    });

    it('takes no code of an app that was not confirmed', async () => {
      await enrolled();
      const token = await pending();
      await server.secondFactors.reset(me, user.id);
      const { secret } = await server.secondFactors.enrol(me);
      await expect(server.signIns.complete(token, shown(secret))).rejects.toMatchObject(REFUSED);
    });

    it('takes no other token for the first step', async () => {
      const { secret } = await enrolled();
      const access = await server.ownSessions.open(user, 'password');
      for (const token of ['', 'x', access.accessToken, access.refreshToken]) {
        await expect(server.signIns.complete(token, shown(secret))).rejects.toMatchObject(REFUSED);
      }
      expect(server.log.lines.at(-1)).toMatchObject({ method: 'second-factor', result: 'denied', actor: 'unknown' });
    });

    it('lets nobody guess: ten wrong codes, and the right one has to wait', async () => {
      const { secret } = await enrolled();
      const token = await pending();
      for (let i = 0; i < 10; i += 1) {
        await expect(server.signIns.complete(token, wrong(secret))).rejects.toMatchObject(REFUSED);
      }
      await expect(server.signIns.complete(token, shown(secret))).rejects.toMatchObject({ code: 'sign-in-blocked' });
      // The password has not been guessed: the first step goes on.
      const admin: Principal = { ...(await place.newUser()), permissions: new Set() };
      await pending();
      await server.people.unlock(admin, user.id);
      await server.signIns.complete(token, shown(secret));
    });
  });

  describe('is taken away', () => {
    it('with a code of it, and then a password is enough', async () => {
      const { secret } = await enrolled();
      await expect(server.secondFactors.remove(me, wrong(secret))).rejects.toMatchObject(WRONG);
      await server.secondFactors.remove(me, shown(secret));
      expect(await server.signIns.signIn(user.email, PASSWORD)).toHaveProperty('accessToken');
      expect((await place.events(user.id)).map(({ action }) => action)).toContain('second-factor.remove');
    });

    it('by nobody who only guesses', async () => {
      const { secret } = await enrolled();
      for (let i = 0; i < 10; i += 1) {
        await expect(server.secondFactors.remove(me, wrong(secret))).rejects.toMatchObject(WRONG);
      }
      await expect(server.secondFactors.remove(me, shown(secret))).rejects.toMatchObject({ code: 'sign-in-blocked' });
    });

    it('by an administrator, from whoever has lost it', async () => {
      await enrolled();
      const admin: Principal = { ...(await place.newUser()), permissions: new Set() };
      await server.secondFactors.reset(admin, user.id);
      expect(await server.signIns.signIn(user.email, PASSWORD)).toHaveProperty('accessToken');
      expect((await place.events(admin.id))[0]).toMatchObject({ action: 'second-factor.remove' });
    });

    it('only where there is one', async () => {
      const missing = { code: 'second-factor-missing', kind: 'conflict' };
      await expect(server.secondFactors.remove(me, '123456')).rejects.toMatchObject(missing);
      await expect(server.secondFactors.confirm(me, '123456')).rejects.toMatchObject(missing);
      await expect(server.secondFactors.reset(me, user.id)).rejects.toMatchObject(missing);
    });
  });
});

import { newId, type Principal, runInContext, showId } from '#kernel';
import { untilSo } from '../../../../test/support/held-timers.ts';
import { IdentityPlace, type Server } from '../../../../test/support/identity.ts';
import { programs } from '../../../../test/support/test-database.ts';
import type { KeyTerms } from './api-keys.service.ts';
import { newApiKey } from './api-key.token.ts';

const REFUSED = { code: 'unauthorized', kind: 'unauthenticated' };
const MISSING = { code: 'api-key-not-found', kind: 'not-found' };

describe.each(programs)('API keys on %s', (program) => {
  let place: IdentityPlace;
  let server: Server;
  let me: Principal;
  beforeAll(async () => {
    place = await IdentityPlace.open(program);
  });
  afterAll(() => place.close());
  beforeEach(async () => {
    server = place.server();
    me = { ...(await place.newUser()), permissions: new Set(['account:read', 'api-key:write']) };
  });

  const terms = (change: Partial<KeyTerms> = {}): KeyTerms => ({
    name: 'nightly import',
    scopes: ['dataset:read', 'dataset:import'],
    datasetIds: null,
    networks: [],
    expiresAt: null,
    ...change,
  });
  const make = (change: Partial<KeyTerms> = {}) => server.ownKeys.create(me, terms(change));
  const use = (secret: string, who: Server = server) => who.authenticator.principal(secret);
  const lastUse = async (id: string): Promise<Date | null> => (await server.ownKeys.get(me, id)).lastUsedAt;

  it('speak for their owner, with their scopes, in no session', async () => {
    const { key, secret } = await make();
    expect(await use(secret)).toEqual({
      id: me.id,
      tenantId: me.tenantId,
      apiKeyId: key.id,
      permissions: new Set(['dataset:read', 'dataset:import']),
    });
    expect(secret.endsWith(key.hint)).toBe(true);
  });

  it('are nowhere in the database', async () => {
    const { secret } = await make();
    const rows = JSON.stringify(await place.query(`SELECT encode(hash, 'escape') AS text, k.* FROM api_keys k`));
    expect(rows).not.toContain(secret.slice(9, -4));
    expect(JSON.stringify(await place.events(me.id))).not.toContain(secret.slice(9, -4));
  });

  it('never may more than their owner may at the moment', async () => {
    const { secret } = await make();
    await use(secret);
    const admin: Principal = { ...(await place.newUser()), permissions: new Set() };
    await server.people.change(admin, me.id, { roles: [] });
    expect((await use(secret)).permissions.size).toBe(0);
  });

  it('may be bound to datasets', async () => {
    const datasetIds = [newId(), newId()];
    const { secret } = await make({ datasetIds });
    expect((await use(secret)).datasetIds).toEqual(new Set(datasetIds));
  });

  it('may be bound to addresses', async () => {
    const { secret } = await make({ networks: ['192.0.2.0/24'] });
    const from = (ip: string) => runInContext({ requestId: 'r', ip }, () => use(secret));
    await from('192.0.2.9');
    await expect(from('198.51.100.9')).rejects.toMatchObject(REFUSED);
    await expect(use(secret)).rejects.toMatchObject(REFUSED);
  });

  it('may end, to the moment and also while they are remembered', async () => {
    const { secret, key } = await make({ expiresAt: new Date(Date.now() + 3_600_000) });
    server.clock.ms = key.expiresAt!.getTime() - 400;
    await use(secret);
    server.clock.ms = key.expiresAt!.getTime() - 1;
    await use(secret);
    server.clock.ms += 1;
    await expect(use(secret)).rejects.toMatchObject(REFUSED);
    await place.query(`UPDATE api_keys SET expires_at = now() WHERE id = $1`, [key.id]);
    await expect(use(secret, place.server())).rejects.toMatchObject(REFUSED);
  });

  describe('that are refused', () => {
    it.each<[string, () => string | Promise<string>]>([
      ['one that was never made', () => newApiKey()],
      ['one that was mistyped', async () => `${(await make()).secret.slice(0, -1)}~`],
      ['one of another kind', () => 'ldv_live_nothing'],
      [
        'one that was revoked',
        async () => {
          const { key, secret } = await make();
          await use(secret);
          await server.ownKeys.revoke(me, key.id);
          return secret;
        },
      ],
      [
        'one of a locked owner',
        async () => {
          const { secret } = await make();
          await place.change(me.id, { lockedAt: new Date() });
          return secret;
        },
      ],
      [
        'one of a disabled owner',
        async () => {
          const { secret } = await make();
          await place.change(me.id, { disabledAt: new Date() });
          return secret;
        },
      ],
    ])('are told to the log as a failed authentication: %s', async (_, given) => {
      const key = await given();
      const { failures } = server.counters;
      await expect(use(key)).rejects.toMatchObject(REFUSED);
      expect(server.log.lines.at(-1)).toMatchObject({
        event_type: 'authentication',
        method: 'api-key',
        result: 'denied',
        actor: expect.stringMatching(/^(unknown|usr_\w+)$/) as string,
      });
      expect(server.counters.failures).toBe(failures + 1);
      expect(JSON.stringify(server.log.lines)).not.toContain(key);
    });

    it('are told to the audit of their tenant, when they are known', async () => {
      const { key, secret } = await make({ networks: ['192.0.2.1'] });
      await expect(use(secret)).rejects.toMatchObject(REFUSED);
      expect((await place.events(me.id))[0]).toMatchObject({
        action: 'auth.api-key',
        resource: showId('key', key.id),
        result: 'denied',
        details: { api_key: showId('key', key.id) },
      });
    });

    it('are no refusals while the database is away', async () => {
      const { secret } = await make();
      await use(secret);
      const away = Object.assign(server.epochs, { lookUp: () => Promise.reject(new Error('the database is away')) });
      server.clock.ms += 2_000;
      await expect(use(secret)).rejects.toThrow('the database is away');
      expect(away).toBeDefined();
    });
  });

  it('revoked are refused on another server a second later', async () => {
    const elsewhere = place.server();
    const { key, secret } = await make();
    await use(secret, elsewhere);
    await server.ownKeys.revoke(me, key.id);
    elsewhere.clock.ms += 1_000;
    await expect(use(secret, elsewhere)).rejects.toMatchObject(REFUSED);
  });

  describe('rotated', () => {
    it('have another secret, and the old one is refused at once', async () => {
      const { key, secret } = await make();
      await use(secret);
      const rotated = await server.ownKeys.rotate(me, key.id, 0);
      expect([rotated.key.id, rotated.secret === secret]).toEqual([key.id, false]);
      await use(rotated.secret);
      await expect(use(secret)).rejects.toMatchObject(REFUSED);
    });

    it('with grace work with both until it is over, also while they are remembered', async () => {
      const { key, secret } = await make();
      const rotated = await server.ownKeys.rotate(me, key.id, 60);
      expect((await use(secret)).apiKeyId).toBe((await use(rotated.secret)).apiKeyId);
      const until = (await server.ownKeys.get(me, key.id)).previousUntil!;
      expect(Math.round((until.getTime() - Date.now()) / 60_000)).toBe(60);
      // Not 5 seconds further than what is remembered: the end counts by itself.
      server.clock.ms = until.getTime();
      await expect(use(secret)).rejects.toMatchObject(REFUSED);
      await use(rotated.secret);
      await place.query(`UPDATE api_keys SET previous_until = now() WHERE id = $1`, [key.id]);
      await expect(use(secret, place.server())).rejects.toMatchObject(REFUSED);
    });

    it('twice have two secrets at most', async () => {
      const { key, secret } = await make();
      const second = await server.ownKeys.rotate(me, key.id, 60);
      await server.ownKeys.rotate(me, key.id, 60);
      await use(second.secret);
      await expect(use(secret)).rejects.toMatchObject(REFUSED);
    });
  });

  it('can be changed, and that counts at once', async () => {
    const { key, secret } = await make();
    await use(secret);
    const changed = await server.ownKeys.change(me, key.id, { scopes: ['job:read'], name: 'other', networks: [] });
    expect(changed).toMatchObject({ id: key.id, name: 'other', scopes: ['job:read'] });
    expect([...(await use(secret)).permissions]).toEqual(['job:read']);
    expect(await server.ownKeys.change(me, key.id, {})).toMatchObject({ name: 'other' });
    const told = (await place.events(me.id)).find(({ details }) => details['scopes'] === 'job:read');
    expect(told).toMatchObject({ action: 'api-key.change', resource: showId('key', key.id) });
  });

  it('remember their last use to the minute', async () => {
    const { key, secret } = await make();
    expect(await lastUse(key.id)).toBeNull();
    // It is written down behind the back of whoever uses it.
    await use(secret);
    await untilSo(async () => (await lastUse(key.id)) !== null);
    const first = await lastUse(key.id);
    expect(Math.abs(first!.getTime() - Date.now())).toBeLessThan(60_000);
    const elsewhere = place.server();
    const used = elsewhere.apiKeys.used.bind(elsewhere.apiKeys);
    let written = 0;
    Object.assign(elsewhere.apiKeys, { used: (id: string) => used(id).then(() => (written += 1)) });
    await use(secret, elsewhere);
    await untilSo(() => written === 1);
    expect(await lastUse(key.id)).toEqual(first);
    await place.query(`UPDATE api_keys SET last_used_at = last_used_at - interval '61 seconds' WHERE id = $1`, [
      key.id,
    ]);
    const aged = await lastUse(key.id);
    await use(secret);
    expect(await lastUse(key.id)).toEqual(aged);
    server.clock.ms += 60_000;
    await use(secret);
    await untilSo(async () => (await lastUse(key.id))!.getTime() > aged!.getTime());
  });

  it('work also where their last use cannot be written down', async () => {
    const { secret } = await make();
    Object.assign(server.apiKeys, { used: () => Promise.reject(new Error('read only')) });
    await use(secret);
    await untilSo(() => server.log.lines.length > 0);
    expect(server.log.lines.at(-1)).toMatchObject({ event_type: 'api-key' });
  });

  it('are counted for themselves once they were let in', async () => {
    const { key, secret } = await make();
    const by = (headers: Record<string, string>) => server.authenticator.identify(headers);
    expect(await by({ 'x-api-key': secret })).toBeNull();
    await use(secret);
    const known = { scope: 'key', id: key.id, tenantId: key.tenantId };
    expect(await by({ 'x-api-key': secret })).toEqual(known);
    expect(await by({ authorization: `Bearer ${secret}` })).toEqual(known);
    expect(await by({ authorization: `Bearer ${secret}`, 'x-api-key': secret })).toBeNull();
  });

  describe('of others', () => {
    it('are not seen, changed, rotated or revoked', async () => {
      const { key } = await make();
      const other: Principal = { ...(await place.newUser()), permissions: new Set(['account:read', 'api-key:write']) };
      expect((await server.ownKeys.list(other, 10)).items).toEqual([]);
      await expect(server.ownKeys.get(other, key.id)).rejects.toMatchObject(MISSING);
      await expect(server.ownKeys.change(other, key.id, { name: 'x' })).rejects.toMatchObject(MISSING);
      await expect(server.ownKeys.rotate(other, key.id, 0)).rejects.toMatchObject(MISSING);
      await expect(server.ownKeys.revoke(other, key.id)).rejects.toMatchObject(MISSING);
    });

    it('are seen by whoever sees users, and revoked by whoever changes them; their secrets stay the owners', async () => {
      const { key, secret } = await make();
      const admin: Principal = { ...(await place.newUser()), permissions: new Set(['user:read', 'user:write']) };
      expect((await server.ownKeys.get(admin, key.id)).ownerId).toBe(me.id);
      await expect(server.ownKeys.rotate(admin, key.id, 0)).rejects.toMatchObject(MISSING);
      await expect(server.ownKeys.change(admin, key.id, {})).rejects.toMatchObject(MISSING);
      await server.ownKeys.revoke(admin, key.id);
      await expect(use(secret)).rejects.toMatchObject(REFUSED);
      await expect(server.ownKeys.get(me, key.id)).rejects.toMatchObject(MISSING);
    });

    it('invariant 3: in another tenant are not there', async () => {
      const { key } = await make();
      const stranger: Principal = { ...me, tenantId: newId(), permissions: new Set(['user:read', 'user:write']) };
      expect((await server.ownKeys.list(stranger, 10)).items).toEqual([]);
      await expect(server.ownKeys.get(stranger, key.id)).rejects.toMatchObject(MISSING);
      await expect(server.ownKeys.revoke(stranger, key.id)).rejects.toMatchObject(MISSING);
    });
  });

  it('are listed page by page', async () => {
    const made = [await make(), await make(), await make()].map(({ key }) => key.id);
    const first = await server.ownKeys.list(me, 2);
    const second = await server.ownKeys.list(me, 2, first.nextCursor!);
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(made);
    expect(second.nextCursor).toBeNull();
    await expect(server.ownKeys.list(me, 2, 'nonsense')).rejects.toMatchObject({ code: 'bad-cursor' });
  });
});

import { NestFactory } from '@nestjs/core';
import { HealthCheckService, HealthIndicatorService, TerminusModule } from '@nestjs/terminus';
import { MemoryBlobStore } from '#storage';
import { FixedClock, newId, SystemClock } from '#kernel';
import { HandDrivenTime } from '../../../test/support/hand-driven-time.ts';
import { untilSo } from '../../../test/support/held-timers.ts';
import { openTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts';
import { DetailedHealthView } from './http/health.schema.ts';
import { Readiness } from './readiness.ts';
import { vaultProbes, type WatchedParts } from './vault.probes.ts';
import { Vitals } from './vitals.ts';

const AWAY = (): Promise<never> => Promise.reject(new Error('connect ECONNREFUSED redis.internal:6379'));
const FINE: WatchedParts = {
  database: {
    ping: async () => new Date(),
    poolStats: () => ({ active: 0, idle: 1, waiting: 0, max: 10 }),
  },
  migrator: { status: async () => ({ applied: ['a'], pending: [], unknown: [] }) },
  blobs: new MemoryBlobStore(),
  kms: { ping: async () => undefined },
  limits: { status: async () => ({ status: 'healthy', latency_ms: 1, shared: true, degraded: false }) },
  tokens: { keyId: '0123456789ab' },
  maintenance: { isOn: false },
  clock: new SystemClock(),
};

describe('Vitals', () => {
  let app: Awaited<ReturnType<typeof NestFactory.createApplicationContext>>;
  beforeAll(async () => {
    app = await NestFactory.createApplicationContext(TerminusModule.forRoot({ logger: false }), { logger: false });
  });
  afterAll(() => app.close());

  /** Its probes go by a time of their own: no machine is too slow for them. */
  function vitalsOf(parts: Partial<WatchedParts> = {}): { vitals: Vitals; readiness: Readiness; time: HandDrivenTime } {
    const [readiness, time] = [new Readiness(), new HandDrivenTime()];
    const vitals = new Vitals({
      probes: vaultProbes({ ...FINE, ...parts }, time),
      readiness,
      checks: app.get(HealthCheckService),
      indicators: app.get(HealthIndicatorService),
    });
    return { vitals, readiness, time };
  }

  it('is ready from the opening to the drain', async () => {
    const { vitals, readiness } = vitalsOf();
    expect(await vitals.isReady()).toBe(false);
    readiness.open();
    expect(await vitals.isReady()).toBe(true);
    readiness.drain();
    expect(await vitals.isReady()).toBe(false);
    readiness.open();
    expect(await vitals.isReady()).toBe(false);
  });

  it('is not ready when the drain begins while the parts are looked at', async () => {
    let answer: (there: Date) => void = () => undefined;
    const ping = (): Promise<Date> => new Promise((resolve) => (answer = resolve));
    const { vitals, readiness } = vitalsOf({ database: { ...FINE.database, ping } });
    readiness.open();
    const looked = vitals.isReady();
    readiness.drain();
    answer(new Date());
    expect(await looked).toBe(false);
  });

  it('tells each part by the names of the runbook', async () => {
    const report = await vitalsOf().vitals.report();
    expect(report).toEqual({
      status: 'healthy',
      components: {
        database: { status: 'healthy', latency_ms: expect.any(Number) },
        redis: { status: 'healthy', latency_ms: 1 },
        storage: { status: 'healthy' },
        kms: { status: 'healthy' },
        migrations: { status: 'healthy', pending: 0 },
        auth: { status: 'healthy', jwt_key_id: '0123456789ab' },
        maintenance: { status: 'healthy', active: false },
        clock: { status: 'healthy', skew_ms: expect.any(Number) },
      },
    });
    const body = { ...report, version: '1.0.0', maintenance: false };
    expect(DetailedHealthView.parse(body)).toEqual(body);
  });

  it.each([
    ['database', { database: { ...FINE.database, ping: AWAY } }],
    ['storage', { blobs: { ping: AWAY } }],
  ])('cannot serve without the %s', async (name, parts) => {
    const { vitals, readiness } = vitalsOf(parts);
    readiness.open();
    expect(await vitals.canServe()).toBe(false);
    expect(await vitals.isReady()).toBe(false);
    const { status, components } = await vitals.report();
    expect(status).toBe('unhealthy');
    expect(components[name]).toEqual({ status: 'unhealthy' });
  });

  it('RB-H7 serves without Redis, and says that it is degraded', async () => {
    const away = { status: 'unhealthy', latency_ms: 100, shared: true, degraded: true } as const;
    const { vitals, readiness } = vitalsOf({ limits: { status: async () => away } });
    readiness.open();
    expect(await vitals.isReady()).toBe(true);
    expect(await vitals.canServe()).toBe(true);
    const { status, components } = await vitals.report();
    expect(status).toBe('degraded');
    expect(components['redis']).toEqual({ status: 'unhealthy', latency_ms: 100 });
  });

  it('misses nothing where no Redis is configured', async () => {
    const none = { status: 'healthy', latency_ms: 0, shared: false, degraded: false } as const;
    const { status, components } = await vitalsOf({ limits: { status: async () => none } }).vitals.report();
    expect(status).toBe('healthy');
    expect(components['redis']).toEqual({ status: 'healthy', latency_ms: 0, configured: false });
  });

  it('is degraded, and still ready, when keys cannot be had, migrations are pending or a clock is wrong', async () => {
    const pending = ['b', 'c'];
    const { vitals, readiness } = vitalsOf({
      kms: { ping: AWAY },
      migrator: { status: async () => ({ applied: [], pending, unknown: [] }) },
      database: { ...FINE.database, ping: async () => new Date(Date.now() + 60_000) },
    });
    readiness.open();
    expect(await vitals.isReady()).toBe(true);
    const { status, components } = await vitals.report();
    expect(status).toBe('degraded');
    expect(components['kms']).toEqual({ status: 'unhealthy' });
    expect(components['migrations']).toEqual({ status: 'degraded', pending: 2 });
    expect(components['clock']).toMatchObject({ status: 'degraded' });
    expect(Number(components['clock']?.['skew_ms'])).toBeLessThan(-59_000);
  });

  it('asks each part once for a hundred callers at once', async () => {
    let asked = 0;
    const ping = async (): Promise<Date> => {
      asked += 1;
      return new Date();
    };
    const { vitals, readiness } = vitalsOf({ database: { ...FINE.database, ping } });
    readiness.open();
    await Promise.all(Array.from({ length: 100 }, () => Promise.all([vitals.isReady(), vitals.report()])));
    expect(asked).toBe(1);
  });

  it('answers after a second when nothing else does', async () => {
    const never = (): Promise<never> => new Promise(() => undefined);
    const { vitals, time } = vitalsOf({
      database: { ...FINE.database, ping: never },
      migrator: { status: never },
      blobs: { ping: never },
      kms: { ping: never },
      limits: { status: never },
    });
    const report = vitals.report();
    time.forward(1000);
    expect((await report).status).toBe('unhealthy');
  });

  describe('over the embedded database', () => {
    let place: TestDatabase;
    beforeAll(async () => {
      place = await openTestDatabase('embedded', []);
    });
    afterAll(() => place.close());

    it('stays ready, and answers after a second, while a transaction holds the only connection', async () => {
      const { database, opened } = place;
      const [here, there] = [new Date(), [] as Date[]];
      const ping = async (): Promise<Date> => {
        there.push(await database.ping());
        return there.at(-1)!;
      };
      const watched = { ping, poolStats: () => database.poolStats() };
      const parts = { database: watched, migrator: opened.migrator, clock: new FixedClock(here) };
      const { vitals, readiness, time } = vitalsOf(parts);
      readiness.open();
      let free: () => void = () => undefined;
      const held = new Promise<void>((resolve) => (free = resolve));
      let holder: Promise<void> = Promise.resolve();
      await new Promise<void>((holds) => {
        holder = database.inTenant(newId(), async () => {
          await database.query('SELECT 1');
          holds();
          await held;
        });
      });
      const [ready, report] = [vitals.isReady(), vitals.report()];
      // All but the database have answered.
      await new Promise(setImmediate);
      time.forward(1000);
      expect(await ready).toBe(true);
      expect((await report).components['database']).toEqual({ status: 'healthy', busy: true });
      time.forward(2000);
      free();
      await holder;
      await untilSo(() => there.length === 1);
      await new Promise(setImmediate);
      const later = await vitals.report();
      expect(later.status).toBe('healthy');
      expect(later.components['database']).toEqual({ status: 'healthy', latency_ms: 0 });
      // The first answer had waited in line, and says nothing of whose clock is right.
      expect(there).toHaveLength(2);
      expect(later.components['clock']).toMatchObject({ skew_ms: here.getTime() - there[1]!.getTime() });
    });

    it('is not ready once the database has ended', async () => {
      const { vitals, readiness, time } = vitalsOf({ database: place.database, migrator: place.opened.migrator });
      readiness.open();
      expect(await vitals.isReady()).toBe(true);
      await place.opened.close();
      time.forward(1000);
      expect(await vitals.isReady()).toBe(false);
      expect((await vitals.report()).status).toBe('unhealthy');
    });
  });
});

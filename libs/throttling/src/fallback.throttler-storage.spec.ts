import { Clock, Log, type LogFields, SystemClock } from '#kernel';
import { MemoryThrottlerStorage } from './adapters/memory.throttler-storage.ts';
import { FallbackThrottlerStorage } from './fallback.throttler-storage.ts';
import type { RateLimitRecord, RateLimitStatus } from './rate-limit.store.ts';
import { throttlerStorageContract } from './throttler-storage.contract.ts';

class HandClock extends Clock {
  ms = 1_000_000;
  override now(): Date {
    return new Date(this.ms);
  }
}

class Lines extends Log {
  readonly lines: string[] = [];
  override debug(): void {}
  override info(_fields: LogFields, message: string): void {
    this.lines.push(`info ${message}`);
  }
  override warn(fields: LogFields, message: string): void {
    this.lines.push(`warn ${message} ${JSON.stringify(fields)}`);
  }
  override error(): void {}
}

/** A shared store that a test takes away and gives back. */
class Moody extends MemoryThrottlerStorage {
  away = false;
  asked = 0;
  replicas = 1;
  override async increment(key: string, ttl: number, limit: number): Promise<RateLimitRecord> {
    this.asked += 1;
    if (this.away) throw new Error('ECONNREFUSED evalsha secret-address');
    return super.increment(key, ttl, limit);
  }
  override async status(): Promise<RateLimitStatus> {
    return { status: this.away ? 'unhealthy' : 'healthy', latency_ms: 3, shared: true, degraded: this.away };
  }
  override async report(): Promise<number> {
    if (this.away) throw new Error('ECONNREFUSED');
    return this.replicas;
  }
}

function setUp() {
  const clock = new HandClock();
  const log = new Lines();
  const shared = new Moody(clock);
  const store = new FallbackThrottlerStorage(shared, new MemoryThrottlerStorage(clock), clock, log);
  const take = (): Promise<RateLimitRecord> => store.increment('a', 60_000, 3, 60_000, 'default');
  return { clock, log, shared, store, take };
}

throttlerStorageContract('FallbackThrottlerStorage', async () => {
  const clock = new SystemClock();
  return new FallbackThrottlerStorage(new Moody(clock), new MemoryThrottlerStorage(clock), clock, new Lines());
});

describe('FallbackThrottlerStorage', () => {
  it('goes on counting locally while the shared store is away', async () => {
    const { shared, take } = setUp();
    shared.away = true;
    const records = [await take(), await take(), await take(), await take()];
    expect(records.map(({ isBlocked }) => isBlocked)).toEqual([false, false, false, true]);
  });

  it('asks the shared store once a second while it is away, not for each request', async () => {
    const { clock, shared, take } = setUp();
    shared.away = true;
    for (let hit = 0; hit < 50; hit += 1) await take();
    expect(shared.asked).toBe(1);
    clock.ms += 1000;
    await Promise.all([take(), take(), take()]);
    expect(shared.asked).toBe(2);
  });

  it('goes back by itself, and tells each change in one line without what the client said', async () => {
    const { clock, log, shared, store, take } = setUp();
    await take();
    shared.away = true;
    for (let hit = 0; hit < 5; hit += 1) await take();
    expect(await store.status()).toEqual({ status: 'unhealthy', latency_ms: 3, shared: true, degraded: true });
    shared.away = false;
    clock.ms += 1000;
    for (let hit = 0; hit < 5; hit += 1) await take();
    expect(await store.status()).toEqual({ status: 'healthy', latency_ms: 3, shared: true, degraded: false });
    expect(log.lines).toEqual([
      'warn rate limits are counted locally {"event_type":"rate_limit_degraded"}',
      'info rate limits are counted together again',
    ]);
  });

  it('gives a share of the limit when several replicas count for themselves, and says what is left of it', async () => {
    const { shared, store } = setUp();
    const take = (limit: number): Promise<RateLimitRecord> => store.increment('b', 60_000, limit, 60_000, 'default');
    shared.replicas = 3;
    await store.report('one', { classes: {}, top: [] });
    shared.away = true;
    await expect(store.report('one', { classes: {}, top: [] })).rejects.toThrow();
    const left = [];
    for (let hit = 0; hit < 4; hit += 1) left.push(10 - (await take(10)).totalHits);
    expect(left).toEqual([2, 1, 0, -1]);
  });

  it('gives at least one place however many replicas there are', async () => {
    const { shared, store } = setUp();
    shared.replicas = 50;
    await store.report('one', { classes: {}, top: [] });
    shared.away = true;
    expect((await store.increment('b', 60_000, 10, 60_000, 'default')).isBlocked).toBe(false);
  });

  it('does not pause longer when the clock is set back', async () => {
    const { clock, shared, take } = setUp();
    shared.away = true;
    await take();
    clock.ms -= 3_600_000;
    await take();
    expect(shared.asked).toBe(2);
  });

  it('goes back as soon as a look at its health finds the shared store there', async () => {
    const { shared, store, take } = setUp();
    shared.away = true;
    await take();
    shared.away = false;
    await store.status();
    await take();
    expect(shared.asked).toBe(2);
  });
});

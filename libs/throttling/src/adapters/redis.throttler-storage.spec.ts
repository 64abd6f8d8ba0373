import { createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { newId } from '#kernel';
import { throttlerStorageContract } from '../throttler-storage.contract.ts';
import { RedisThrottlerStorage } from './redis.throttler-storage.ts';

// The contract runs where TEST_REDIS_URL names a Redis: npm run services -- start DIR redis
const url = process.env['TEST_REDIS_URL'];

async function connected(): Promise<RedisThrottlerStorage> {
  // What is promised of a slow Redis is asked below; here a machine may stand still for a while.
  const store = new RedisThrottlerStorage(url ?? '', { patienceMs: 60_000, silenceMs: 60_000 });
  const deadline = Date.now() + 60_000;
  while ((await store.status()).status !== 'healthy') {
    if (Date.now() > deadline) {
      await store.close();
      throw new Error('TEST_REDIS_URL does not answer');
    }
    // Refused at once, as nothing waits for a connection: without a pause there is no time to make one.
    await delay(10);
  }
  return store;
}

if (url) {
  throttlerStorageContract('RedisThrottlerStorage', connected);

  describe('RedisThrottlerStorage', () => {
    it('counts together with another replica', async () => {
      const [one, other] = [await connected(), await connected()];
      const key = newId();
      for (let hit = 0; hit < 3; hit += 1) await one.increment(key, 60_000, 5);
      await other.increment(key, 60_000, 5);
      expect(await other.increment(key, 60_000, 5)).toMatchObject({ totalHits: 5, isBlocked: false });
      expect((await one.increment(key, 60_000, 5)).isBlocked).toBe(true);
      await Promise.all([one.close(), other.close()]);
    });

    it('puts one text under rate_limit_status, from what all replicas told, and lets it end after a minute', async () => {
      const [one, other] = [await connected(), await connected()];
      const redis = new Redis(url);
      await redis.del('rate_limit_status', 'vault:rate:reports', 'vault:rate:round');
      const report = (key: string) => ({
        classes: { default: { allowed: 4, limited: 1 } },
        top: [{ key: `default:${key}`, limited: 1 }],
      });
      const before = performance.now();
      expect(await one.report('one', report('a'))).toBe(1);
      expect(await redis.type('rate_limit_status')).toBe('string');
      const lives = [await redis.pttl('rate_limit_status'), await redis.pttl('vault:rate:round')];
      const passed = performance.now() - before;
      for (const [index, whole] of [60_000, 5000].entries()) {
        expect(lives[index]).toBeGreaterThan(whole - passed - 10);
        expect(lives[index]).toBeLessThanOrEqual(whole);
      }
      await redis.set('vault:rate:round', 'one');
      const first = await redis.get('rate_limit_status');
      expect(JSON.parse(first ?? '')).toMatchObject({ allowed: 4, limited: 1 });
      expect(await other.report('other', report('b'))).toBe(2);
      // Not its turn: the round is not over.
      expect(await redis.get('rate_limit_status')).toBe(first);
      await redis.del('vault:rate:round');
      await other.report('other', report('b'));
      expect(JSON.parse((await redis.get('rate_limit_status')) ?? '')).toEqual({
        updated_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
        window_s: 60,
        allowed: 8,
        limited: 2,
        limited_ratio: 0.2,
        by_class: { default: { allowed: 8, limited: 2 } },
        top: [
          { key: 'default:a', limited: 1 },
          { key: 'default:b', limited: 1 },
        ],
      });
      await Promise.all([one.close(), other.close(), redis.quit()]);
    });

    it('leaves out what has no shape of a report, and replicas that are gone', async () => {
      const store = await connected();
      const redis = new Redis(url);
      await redis.del('vault:rate:reports', 'vault:rate:round');
      const [seconds] = await redis.time();
      await redis.hset('vault:rate:reports', 'torn', `${Number(seconds) * 1000} {"classes":1}`);
      await redis.hset('vault:rate:reports', 'gone', '1000 {"classes":{},"top":[]}');
      await redis.hset('vault:rate:reports', 'odd', 'what');
      expect(await store.report('one', { classes: {}, top: [] })).toBe(2);
      expect(JSON.parse((await redis.get('rate_limit_status')) ?? '')).toMatchObject({ allowed: 0, limited_ratio: 0 });
      expect((await redis.hkeys('vault:rate:reports')).sort()).toEqual(['one', 'torn']);
      await Promise.all([store.close(), redis.quit()]);
    });

    it('is unhealthy while Redis answers but cannot write', async () => {
      const store = await connected();
      const redis = new Redis(url);
      await redis.config('SET', 'maxmemory', '1');
      expect(await redis.ping()).toBe('PONG');
      const { status } = await store.status();
      await redis.config('SET', 'maxmemory', '256mb');
      expect(status).toBe('unhealthy');
      await Promise.all([store.close(), redis.quit()]);
    });
  });
}

describe('RedisThrottlerStorage without an answer', () => {
  let server: Server;
  const sockets: Socket[] = [];
  afterEach(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });

  it('fails at once when nobody listens, and says that it is unhealthy', async () => {
    server = createServer();
    const store = new RedisThrottlerStorage('redis://127.0.0.1:1');
    await expect(store.increment('a', 1000, 1)).rejects.toThrow();
    expect(await store.status()).toMatchObject({ status: 'unhealthy', degraded: true });
    await store.close();
  });

  it('gives up on a server that takes the connection and stays silent', async () => {
    server = createServer((socket) => sockets.push(socket));
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const address = server.address();
    if (typeof address !== 'object' || address === null) throw new Error('no port');
    const store = new RedisThrottlerStorage(`redis://127.0.0.1:${address.port}`);
    await expect(store.increment('a', 1000, 1)).rejects.toThrow();
    await store.close();
  });
});

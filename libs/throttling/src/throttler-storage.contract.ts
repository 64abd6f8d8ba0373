import { newId } from '#kernel';
import type { RateLimitStore } from './rate-limit.store.ts';

/** What every store promises. `open` gives one that counts for itself, or shares a place with others. */
export function throttlerStorageContract(name: string, open: () => Promise<RateLimitStore>): void {
  describe(`${name} as a store of rate limits`, () => {
    let store: RateLimitStore;
    let key: string;
    beforeAll(async () => {
      store = await open();
    });
    afterAll(() => store.close());
    beforeEach(() => {
      key = newId();
    });
    const take = (ttl: number, limit: number, of: string = key) => store.increment(of, ttl, limit, ttl, 'default');

    it('takes as many as the limit at once, counts them, and refuses the next', async () => {
      for (let hit = 1; hit <= 5; hit += 1) {
        expect(await take(3_600_000, 5)).toMatchObject({ totalHits: hit, isBlocked: false, timeToBlockExpire: 0 });
      }
      expect(await take(3_600_000, 5)).toMatchObject({ totalHits: 6, isBlocked: true });
    });

    it('says in seconds when there is a place again and when all are', async () => {
      const before = performance.now();
      for (let hit = 0; hit < 6; hit += 1) await take(3_600_000, 6);
      const { timeToBlockExpire, timeToExpire } = await take(3_600_000, 6);
      const passed = Math.ceil((performance.now() - before) / 1000);
      expect(timeToBlockExpire).toBeGreaterThanOrEqual(600 - passed);
      expect(timeToBlockExpire).toBeLessThanOrEqual(600);
      expect(timeToExpire).toBeGreaterThanOrEqual(3600 - passed);
      expect(timeToExpire).toBeLessThanOrEqual(3600);
    });

    it('counts each key alone', async () => {
      await take(3_600_000, 1);
      expect((await take(3_600_000, 1)).isBlocked).toBe(true);
      expect((await take(3_600_000, 1, newId())).isBlocked).toBe(false);
    });

    it('takes no more than the limit of many that come at the same time', async () => {
      const records = await Promise.all(Array.from({ length: 60 }, () => take(3_600_000, 10)));
      expect(records.filter(({ isBlocked }) => !isBlocked)).toHaveLength(10);
    });

    it('does not hold being refused against a caller', async () => {
      while (!(await take(400, 2)).isBlocked);
      for (let hit = 0; hit < 20; hit += 1) await take(400, 2);
      const deadline = Date.now() + 60_000;
      let taken = false;
      while (!taken && Date.now() < deadline) taken = !(await take(400, 2)).isBlocked;
      expect(taken).toBe(true);
    });

    it('takes limits that do not divide the time evenly', async () => {
      const records = [];
      for (let hit = 0; hit < 7; hit += 1) records.push(await take(10_000_000, 7));
      expect(records.map(({ isBlocked }) => isBlocked)).toEqual(Array(7).fill(false));
      expect(records.map(({ totalHits }) => totalHits)).toEqual([1, 2, 3, 4, 5, 6, 7]);
      expect((await take(10_000_000, 7)).isBlocked).toBe(true);
    });

    it('goes on when a limit was made shorter while callers had waited for the longer one', async () => {
      while (!(await take(3_600_000, 2)).isBlocked);
      expect((await take(1000, 2)).isBlocked).toBe(false);
    });

    it('says how many count together', async () => {
      const report = { classes: { default: { allowed: 1, limited: 0 } }, top: [] };
      expect(await store.report(newId(), report)).toBeGreaterThanOrEqual(1);
    });

    it('is healthy', async () => {
      expect(await store.status()).toEqual({
        status: 'healthy',
        latency_ms: expect.any(Number),
        shared: expect.any(Boolean),
        degraded: false,
      });
    });
  });
}

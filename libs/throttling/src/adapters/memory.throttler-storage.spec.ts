import { Clock, SystemClock } from '#kernel';
import { throttlerStorageContract } from '../throttler-storage.contract.ts';
import { MemoryThrottlerStorage } from './memory.throttler-storage.ts';

throttlerStorageContract('MemoryThrottlerStorage', async () => new MemoryThrottlerStorage(new SystemClock()));

class HandClock extends Clock {
  ms = 1_000_000;
  override now(): Date {
    return new Date(this.ms);
  }
}

describe('MemoryThrottlerStorage', () => {
  it('gives back one place after another, evenly', async () => {
    const clock = new HandClock();
    const store = new MemoryThrottlerStorage(clock);
    const take = async (): Promise<boolean> => !(await store.increment('a', 2000, 200)).isBlocked;
    for (let hit = 0; hit < 200; hit += 1) expect(await take()).toBe(true);
    expect(await take()).toBe(false);
    clock.ms += 10;
    expect([await take(), await take()]).toEqual([true, false]);
    clock.ms += 1000;
    let taken = 0;
    while (await take()) taken += 1;
    expect(taken).toBe(100);
  });

  it('forgets whose bucket is whole again', async () => {
    const clock = new HandClock();
    const store = new MemoryThrottlerStorage(clock);
    for (let caller = 0; caller < 100; caller += 1) await store.increment(`c${caller}`, 1000, 10);
    clock.ms += 60_000;
    for (let hit = 0; hit < 100; hit += 1) await store.increment('other', 1000, 1000);
    expect(store.size).toBe(1);
  });

  it('locks nobody out when the clock is set back', async () => {
    const clock = new HandClock();
    const store = new MemoryThrottlerStorage(clock);
    for (let hit = 0; hit < 10; hit += 1) await store.increment('a', 1000, 10);
    expect((await store.increment('a', 1000, 10)).isBlocked).toBe(true);
    clock.ms -= 3_600_000;
    expect((await store.increment('a', 1000, 10)).isBlocked).toBe(false);
  });

  it('does not grow beyond its bound when every request comes from another address', async () => {
    const store = new MemoryThrottlerStorage(new HandClock(), 50);
    for (let caller = 0; caller < 500; caller += 1) await store.increment(`c${caller}`, 60_000, 10);
    expect(store.size).toBeLessThanOrEqual(50);
  });
});

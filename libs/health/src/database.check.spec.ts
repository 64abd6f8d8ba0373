import type { PoolStats } from '#database';
import { FixedClock } from '#kernel';
import { DatabaseCheck, type WatchedDatabase } from './database.check.ts';

const NOW = new Date('2026-01-31T00:00:00Z');

function setUp(pool: Partial<PoolStats> = {}) {
  const state = { ms: 0, there: NOW, away: false, latency: 4 };
  const stats: PoolStats = { active: 1, idle: 1, waiting: 0, max: 10, ...pool };
  const database: WatchedDatabase = {
    ping: async () => {
      state.ms += state.latency;
      if (state.away) throw new Error('ECONNREFUSED');
      return state.there;
    },
    poolStats: () => stats,
  };
  const check = new DatabaseCheck(database, new FixedClock(NOW), () => state.ms);
  return { state, stats, check };
}

describe('DatabaseCheck', () => {
  it('is healthy with the time that the answer took', async () => {
    expect(await setUp().check.check()).toEqual({ status: 'healthy', latency_ms: 4 });
  });

  it('is unhealthy when a free connection gets no answer', async () => {
    const { state, check } = setUp();
    state.away = true;
    expect(await check.check()).toEqual({ status: 'unhealthy' });
    expect(check.unanswered()).toEqual({ status: 'unhealthy' });
  });

  it('is busy, and not away, when there was no connection to ask by and there was an answer just now', async () => {
    const { state, check } = setUp({ active: 10, idle: 0 });
    await check.check();
    state.ms += 4_900;
    expect(check.unanswered()).toEqual({ status: 'healthy', busy: true });
  });

  it('is away when all connections have been taken for too long: they may all wait for a dead server', async () => {
    const { state, check } = setUp({ active: 10, idle: 0 });
    await check.check();
    state.ms += 5_000;
    expect(check.unanswered()).toEqual({ status: 'unhealthy' });
  });

  it('waits as long as a transaction may take where there is one connection only', async () => {
    const { state, check } = setUp({ active: 1, idle: 0, max: 1 });
    await check.check();
    state.ms += 59_000;
    expect(check.unanswered()).toEqual({ status: 'healthy', busy: true });
    state.ms += 1_000;
    expect(check.unanswered()).toEqual({ status: 'unhealthy' });
  });

  it('knows how far this clock is ahead of the one of the database', async () => {
    const { state, check } = setUp();
    expect(check.skew).toBeNull();
    state.there = new Date(NOW.getTime() - 700);
    await check.check();
    expect(check.skew).toBe(702);
  });

  it('does not compare clocks by an answer that waited in line', async () => {
    const { state, check } = setUp();
    state.latency = 20_000;
    await check.check();
    expect(check.skew).toBeNull();
  });
});

import type { PoolStats } from '#database';
import type { Clock } from '#kernel';
import type { Component } from './probe.ts';

/** What is asked of a database. */
export interface WatchedDatabase {
  /** What time it is there. */
  ping(): Promise<Date>;
  poolStats(): PoolStats;
}

/** An answer that took longer says nothing about whose clock is right. */
const COMPARABLE_MS = 1000;
/** How long a database may have no connection left for us before it counts as dead. */
const BUSY_MS = 5_000;
/** The same where there is only one, and a transaction may hold it as long as it may run: about half a minute. */
const BUSY_ALONE_MS = 60_000;

/**
 * Asks the database for the time. When no connection becomes free for that, the database is busy and not away: others
 * are working with it right now. Taking the server out of service for it would stop an import by its own load, and where
 * all replicas are busy, everything. So it is believed to live for a while after its last answer.
 */
export class DatabaseCheck {
  private readonly database: WatchedDatabase;
  private readonly clock: Clock;
  private readonly monotonic: () => number;
  private answeredAt: number;
  private skewMs: number | null = null;

  constructor(database: WatchedDatabase, clock: Clock, monotonic: () => number = () => performance.now()) {
    this.database = database;
    this.clock = clock;
    this.monotonic = monotonic;
    // It was opened, migrated and read before anyone could ask.
    this.answeredAt = monotonic();
  }

  async check(): Promise<Component> {
    const started = this.monotonic();
    const here = this.clock.now().getTime();
    try {
      const there = await this.database.ping();
      this.answeredAt = this.monotonic();
      const latency = this.answeredAt - started;
      // It was read somewhere on the way: half of it is the best guess, and no guess at all after a wait in line.
      if (latency < COMPARABLE_MS) this.skewMs = Math.round(here + latency / 2 - there.getTime());
      return { status: 'healthy', latency_ms: Math.round(latency) };
    } catch {
      return this.unanswered();
    }
  }

  /** How it is when there is no answer. */
  unanswered(): Component {
    return this.isBusy() ? { status: 'healthy', busy: true } : { status: 'unhealthy' };
  }

  /** This clock minus the database's when they were last compared; null before. */
  get skew(): number | null {
    return this.skewMs;
  }

  private isBusy(): boolean {
    const { active, max } = this.database.poolStats();
    const limit = max === 1 ? BUSY_ALONE_MS : BUSY_MS;
    return active >= max && this.monotonic() - this.answeredAt < limit;
  }
}

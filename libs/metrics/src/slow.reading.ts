import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '#kernel';

export interface SlowReadingTimes {
  /** How old a value may be. */
  freshMs: number;
  /** How long a scrape waits for a new one: whoever watches must see the rest also when the database is slow. */
  patienceMs: number;
}

/** Something that takes a query to know: read at most once in a while, by one reader, and waited for only so long. */
export class SlowReading {
  private readonly read: () => Promise<void>;
  private readonly clock: Clock;
  private readonly times: SlowReadingTimes;
  private readAt = Number.NEGATIVE_INFINITY;
  private running: Promise<void> | null = null;

  /** @param read keeps what it reads; while it throws, what was kept before stands. */
  constructor(read: () => Promise<void>, clock: Clock, times: SlowReadingTimes) {
    this.read = read;
    this.clock = clock;
    this.times = times;
  }

  async look(): Promise<void> {
    if (Math.abs(this.clock.now().getTime() - this.readAt) < this.times.freshMs) return;
    this.running ??= this.refresh();
    await Promise.race([this.running, delay(this.times.patienceMs, undefined, { ref: false })]);
  }

  private async refresh(): Promise<void> {
    try {
      await this.read();
      this.readAt = this.clock.now().getTime();
    } catch {
      // Known again at the next look; that the database is away has a series of its own.
    } finally {
      this.running = null;
    }
  }
}

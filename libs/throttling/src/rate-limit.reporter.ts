import type { RateLimitStore } from './rate-limit.store.ts';
import type { RateLimitTally } from './rate-limit.tally.ts';

/** Half of the time after which the common status is due, so that it is never more than one round late. */
const EVERY_MS = 2500;

/** Tells the store every few seconds what this replica counted, as long as the server runs. */
export class RateLimitReporter {
  private readonly replica: string;
  private readonly tally: RateLimitTally;
  private readonly store: RateLimitStore;
  private timer: NodeJS.Timeout | undefined;

  constructor(replica: string, tally: RateLimitTally, store: RateLimitStore) {
    this.replica = replica;
    this.tally = tally;
    this.store = store;
  }

  start(everyMs: number = EVERY_MS): void {
    this.timer = setInterval(() => void this.report(), everyMs);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** A report that does not get through is not missed: the next one is a few seconds away. */
  private async report(): Promise<void> {
    await this.store.report(this.replica, this.tally.report()).catch(() => undefined);
  }
}

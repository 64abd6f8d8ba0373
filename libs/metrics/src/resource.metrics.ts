import { setTimeout as delay } from 'node:timers/promises';
import { Gauge, type Registry } from 'prom-client';
import type { Clock } from '#kernel';

export interface PoolCounts {
  active: number;
  idle: number;
  waiting: number;
  max: number;
}

const POOL: Record<keyof PoolCounts, string> = {
  active: 'Database connections in use',
  idle: 'Database connections open and free',
  waiting: 'Callers in line for a database connection',
  max: 'Database connections there can be',
};

/** How old the size of the store may be: to know it takes a query over all segments. */
const STORED_MS = 60_000;

/** What the vault has and uses, read when somebody asks. Until it is known where to read there is no number. */
export class ResourceMetrics {
  private readonly registry: Registry;
  private readonly clock: Clock;

  constructor(registry: Registry, clock: Clock) {
    this.registry = registry;
    this.clock = clock;
  }

  /** `read` is called on every scrape. While it fails there is no number, and the rest of the scrape is as ever. */
  watchDatabase(read: () => PoolCounts): void {
    for (const [name, help] of Object.entries(POOL) as [keyof PoolCounts, string][]) {
      this.gauge(`db_connections_${name}`, help, (gauge) => {
        try {
          gauge.set(read()[name]);
        } catch {
          gauge.remove();
        }
      });
    }
  }

  /**
   * `read` is called once a minute at most. While it fails the last size stands, and a scrape waits for it only for
   * `patienceMs`: whoever watches must see the rest also when the database is slow.
   */
  watchStorage(read: () => Promise<number>, patienceMs = 1000): void {
    let readAt = Number.NEGATIVE_INFINITY;
    let running: Promise<void> | null = null;
    const refresh = async (gauge: Gauge): Promise<void> => {
      try {
        gauge.set(await read());
        readAt = this.clock.now().getTime();
      } catch {
        // Known again at the next scrape; that the database is away has a series of its own.
      } finally {
        running = null;
      }
    };
    const gauge = this.gauge('storage_used_bytes', 'Bytes of all stored objects', async (own) => {
      if (Math.abs(this.clock.now().getTime() - readAt) < STORED_MS) return;
      running ??= refresh(own);
      await Promise.race([running, delay(patienceMs, undefined, { ref: false })]);
    });
    // 0 would be a size.
    gauge.remove();
  }

  private gauge(name: string, help: string, read: (gauge: Gauge) => void | Promise<void>): Gauge {
    return new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        return read(this);
      },
    });
  }
}

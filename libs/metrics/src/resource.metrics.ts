import { Gauge, type Registry } from 'prom-client';
import type { Clock } from '#kernel';
import { SlowReading } from './slow.reading.ts';

export interface PoolCounts {
  active: number;
  idle: number;
  waiting: number;
  max: number;
}

export interface JobCounts {
  kind: string;
  waiting: number;
  running: number;
}

const POOL: Record<keyof PoolCounts, string> = {
  active: 'Database connections in use',
  idle: 'Database connections open and free',
  waiting: 'Callers in line for a database connection',
  max: 'Database connections there can be',
};

/** To know the size of the store takes a query over all segments. */
const STORED = { freshMs: 60_000, patienceMs: 1000 };
/** Workers are scaled by these, so they must not be old. */
const JOBS = { freshMs: 5000, patienceMs: 1000 };

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

  /** `read` is called once a minute at most, and while it fails the last size stands. */
  watchStorage(read: () => Promise<number>, patienceMs = STORED.patienceMs): void {
    const keep = async (): Promise<void> => gauge.set(await read());
    const stored = new SlowReading(keep, this.clock, { ...STORED, patienceMs });
    const gauge = this.gauge('storage_used_bytes', 'Bytes of all stored objects', () => stored.look());
    // 0 would be a size.
    gauge.remove();
  }

  /** The queue is one for all replicas, and so is what each of them says here: take the largest, not the sum. */
  watchJobs(read: () => Promise<JobCounts[]>): void {
    const keep = async (): Promise<void> => {
      const counts = await read();
      for (const gauge of [waiting, running]) gauge.reset();
      for (const { kind, ...count } of counts) {
        waiting.set({ kind }, count.waiting);
        running.set({ kind }, count.running);
      }
    };
    const jobs = new SlowReading(keep, this.clock, JOBS);
    const look = (): Promise<void> => jobs.look();
    const waiting = this.gauge('jobs_waiting', 'Jobs that no worker has begun yet, by kind', look, ['kind']);
    const running = this.gauge('jobs_running', 'Jobs that a worker is busy with, by kind', look, ['kind']);
  }

  /** Without a backup there is no number: 1970 would be a date. */
  watchBackups(read: () => Promise<Date | null>): void {
    const keep = async (): Promise<void> => {
      const last = await read();
      if (last) gauge.set(last.getTime() / 1000);
    };
    const backups = new SlowReading(keep, this.clock, STORED);
    const help = 'When the last backup was made, as Unix time';
    const gauge = this.gauge('backup_last_success_timestamp_seconds', help, () => backups.look());
    gauge.remove();
  }

  /** A secret that was changed and then changed back, by whatever looks after it, shows as a label that returns. */
  watchTokenKey(read: () => string): void {
    const help = 'Always 1; the label names the key that access tokens are signed with';
    const show = (gauge: Gauge<'key_id'>): void => {
      gauge.reset();
      gauge.set({ key_id: read() }, 1);
    };
    this.gauge('auth_jwt_key_info', help, show, ['key_id']);
  }

  private gauge<L extends string = never>(
    name: string,
    help: string,
    read: (gauge: Gauge<L>) => void | Promise<void>,
    labelNames: L[] = [],
  ): Gauge<L> {
    return new Gauge<L>({
      name,
      help,
      labelNames,
      registers: [this.registry],
      collect() {
        return read(this);
      },
    });
  }
}

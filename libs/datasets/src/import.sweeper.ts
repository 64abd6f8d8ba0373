import type { UserRepository } from '#auth';
import type { Database } from '#database';
import type { Log } from '#kernel';
import type { ImportRepository } from './import.repository.ts';
import type { ImportRunner } from './import.runner.ts';

/** Clears what imports left behind whose process is gone. Any replica may do it; twice does no harm. */
export class ImportSweeper {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    private readonly tenants: Pick<UserRepository, 'tenants'>,
    private readonly imports: ImportRepository,
    private readonly runner: ImportRunner,
    private readonly log: Log,
  ) {}

  start(everyMs = 20_000): void {
    const sweep = (): void => {
      this.sweep().catch((error: unknown) =>
        this.log.warn({ event_type: 'sweep', error: 'SWEEP_FAILED', err: error }, 'clearing unfinished imports failed'),
      );
    };
    this.timer = setInterval(sweep, everyMs);
    this.timer.unref();
    sweep();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** @returns how many imports were cleared */
  async sweep(): Promise<number> {
    let cleared = 0;
    for (const tenant of await this.tenants.tenants()) {
      const expired = await this.database.inTenant(tenant.id, () => this.imports.expired());
      for (const row of expired) {
        await this.runner.clear(row, 'PROCESS_LOST');
        cleared += 1;
      }
    }
    if (cleared > 0) this.log.info({ event_type: 'sweep', count: cleared }, 'cleared unfinished imports');
    return cleared;
  }
}

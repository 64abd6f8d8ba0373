import type { UserRepository } from '#auth';
import type { Database } from '#database';
import type { Log } from '#kernel';
import type { WorkGate } from '#queue';
import type { Import } from './import.entity.ts';
import type { ImportRepository } from './import.repository.ts';
import type { ImportRunner } from './import.runner.ts';
import { Rounds } from './sweeping.ts';

const EVERY_MS = 20_000;
const SPOOLS_EVERY_MS = 3_600_000;

/** Clears what imports left behind whose process is gone. Any replica may do it; twice does no harm. */
export class ImportSweeper {
  private readonly rounds: Rounds;
  private spoolsAt = 0;

  constructor(
    private readonly database: Database,
    private readonly tenants: Pick<UserRepository, 'tenants'>,
    private readonly imports: ImportRepository,
    private readonly runner: ImportRunner,
    private readonly log: Log,
    gate?: WorkGate,
  ) {
    const sweep = (): Promise<number> => this.sweep();
    this.rounds = new Rounds({ sweep, everyMs: EVERY_MS, log, gate, failed: 'clearing unfinished imports failed' });
  }

  start(): void {
    this.rounds.start();
    this.rounds.begin();
  }

  stop(): void {
    this.rounds.stop();
  }

  /** @returns how many imports were cleared */
  async sweep(): Promise<number> {
    let cleared = 0;
    for (const tenant of await this.tenants.tenants()) {
      const expired = await this.database.inTenant(tenant.id, () => this.imports.expired());
      for (const row of expired) cleared += await this.clear(row);
    }
    await this.clearSpools();
    if (cleared > 0) this.log.info({ event_type: 'sweep', count: cleared }, 'cleared unfinished imports');
    return cleared;
  }

  /** Listing the store costs a request each time, and what it is looked through for is days old. */
  private async clearSpools(): Promise<void> {
    if (Date.now() < this.spoolsAt) return;
    this.spoolsAt = Date.now() + SPOOLS_EVERY_MS;
    await this.runner.clearSpools();
  }

  /** One that cannot be cleared now is tried again next time, and holds up no other. */
  private async clear(row: Import): Promise<number> {
    try {
      await this.runner.clear(row, 'PROCESS_LOST');
      return 1;
    } catch (error) {
      this.log.warn({ event_type: 'sweep', error: 'IMPORT_NOT_CLEARED', err: error }, 'an import could not be cleared');
      return 0;
    }
  }
}

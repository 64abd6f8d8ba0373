import type { UserRepository } from '#auth';
import type { Database } from '#database';
import type { Log } from '#kernel';
import type { WorkGate } from '#queue';
import type { Leftovers } from '../leftovers.ts';
import { Rounds } from '../sweeping.ts';
import type { CompactionRepository } from './compaction.repository.ts';
import type { Compactor } from './compactor.ts';

const EVERY_MS = 60_000;

export interface CompactionLimits {
  /** Fewer small segments of a dataset are not worth the work yet. */
  least: number;
  /** Exports, merges and backups that began before a segment was retired must have ended by then. */
  graceSeconds: number;
}

const LIMITS: CompactionLimits = { least: 64, graceSeconds: 24 * 3600 };

export interface CompactionSweeping {
  database: Database;
  tenants: Pick<UserRepository, 'tenants'>;
  compaction: CompactionRepository;
  compactor: Compactor;
  leftovers: Leftovers;
  log: Log;
  gate: WorkGate;
}

/** Puts small segments together where there are many, and takes away what has been left over for long. */
export class CompactionSweeper {
  private readonly rounds: Rounds;
  private readonly stopping = new AbortController();

  constructor(
    private readonly given: CompactionSweeping,
    private readonly limits = LIMITS,
  ) {
    const { log, gate } = given;
    const sweep = (): Promise<void> => this.sweep();
    this.rounds = new Rounds({ sweep, everyMs: EVERY_MS, log, gate, failed: 'compacting segments failed' });
  }

  start(): void {
    this.rounds.start();
  }

  stop(): void {
    this.rounds.stop();
    this.stopping.abort();
  }

  async sweep(): Promise<void> {
    const { database, tenants, compaction, compactor, leftovers } = this.given;
    const { signal } = this.stopping;
    const { least, graceSeconds } = this.limits;
    for (const { id: tenantId } of await tenants.tenants()) {
      for (const datasetId of await database.inTenant(tenantId, () => compaction.datasets(least))) {
        if (signal.aborted) return;
        await this.trying(() => compactor.run({ tenantId, datasetId, actor: null, signal }));
      }
      for (const datasetId of await database.inTenant(tenantId, () => compaction.retiring(graceSeconds))) {
        await this.trying(() => this.destroy(tenantId, datasetId));
      }
      await leftovers.clear(tenantId);
    }
  }

  private destroy(tenantId: string, datasetId: string): Promise<void> {
    const { database, compaction, leftovers } = this.given;
    return database.inTenant(tenantId, async () =>
      leftovers.add(tenantId, await compaction.destroy(datasetId, this.limits.graceSeconds)),
    );
  }

  /** A dataset that cannot be seen to now is tried again next time, and holds up no other. */
  private async trying(work: () => Promise<unknown>): Promise<void> {
    if (this.stopping.signal.aborted) return;
    try {
      await work();
    } catch (error) {
      const fields = { event_type: 'compaction', error: 'NOT_COMPACTED', err: error };
      this.given.log.warn(fields, 'the segments of a dataset could not be compacted');
    }
  }
}

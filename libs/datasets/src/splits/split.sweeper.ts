import type { UserRepository } from '#auth';
import type { Log } from '#kernel';
import type { WorkGate } from '#queue';
import { Rounds } from '../sweeping.ts';
import type { SplitStages } from './split.stages.ts';

const EVERY_MS = 60_000;

/** Takes back what jobs put on a branch that never came to publish it. Any replica may do it; twice does no harm. */
export class SplitSweeper {
  private readonly rounds: Rounds;

  constructor(
    private readonly tenants: Pick<UserRepository, 'tenants'>,
    private readonly stages: SplitStages,
    log: Log,
    gate?: WorkGate,
  ) {
    const sweep = (): Promise<void> => this.sweep();
    this.rounds = new Rounds({ sweep, everyMs: EVERY_MS, log, gate, failed: 'taking back unfinished splits failed' });
  }

  start(): void {
    this.rounds.start();
  }

  stop(): void {
    this.rounds.stop();
  }

  async sweep(): Promise<void> {
    for (const { id } of await this.tenants.tenants()) {
      for (const stage of await this.stages.lost(id)) await this.stages.giveUp(stage);
    }
  }
}

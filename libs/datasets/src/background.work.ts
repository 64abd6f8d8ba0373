import type { JobHandler, JobsService } from '#queue';

/** What comes round again and again, until it is stopped. */
export interface Sweeper {
  start(): void;
  stop(): void;
}

/** What this room does without being asked, and the jobs it was asked for. */
export class BackgroundWork {
  constructor(
    private readonly jobs: Pick<JobsService, 'serve'>,
    private readonly handlers: Readonly<Record<string, JobHandler>>,
    private readonly sweepers: readonly Sweeper[],
  ) {}

  async start(): Promise<void> {
    for (const sweeper of this.sweepers) sweeper.start();
    for (const [kind, handle] of Object.entries(this.handlers)) await this.jobs.serve(kind, handle);
  }

  stop(): void {
    for (const sweeper of this.sweepers) sweeper.stop();
  }
}

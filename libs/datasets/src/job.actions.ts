import { setTimeout as delay } from 'node:timers/promises';
import type { Audit } from '#audit';
import { type Principal, showId } from '#kernel';
import type { Job, JobsService } from '#queue';

const LOOK_MS = 500;
/** A proxy that hears nothing for a minute takes the connection for dead. */
const SILENCE_MS = 15_000;
/** Then the client asks again, and is looked at again: its token may have ended meanwhile. */
const LONGEST_MS = 60_000;

/** What is done with jobs beside looking them up: one is followed, or cancelled. */
export class JobActions {
  private readonly closing = new AbortController();

  constructor(
    private readonly jobs: JobsService,
    private readonly audit: Audit,
  ) {}

  /** @throws JobNotFound, JobFinished */
  cancel(caller: Principal, id: string): Promise<Job> {
    return this.jobs.cancel(caller, id, (job) =>
      this.audit.append(caller, {
        action: 'job.cancel',
        resource: showId('job', id),
        details: { kind: job.kind, state: job.state },
      }),
    );
  }

  /**
   * The job as it is, and again each time it has changed, until it has ended; null where nothing changed for a while. Ends by
   * itself after a minute, and when the server stops.
   */
  async *follow(caller: Principal, id: string): AsyncGenerator<Job | null> {
    const { signal } = this.closing;
    const end = Date.now() + LONGEST_MS;
    let [seen, told] = ['', Date.now()];
    while (!signal.aborted && Date.now() < end) {
      const job = await this.jobs.get(caller, id);
      const now = `${job.state} ${job.done}`;
      if (now !== seen || Date.now() - told > SILENCE_MS) {
        yield now === seen ? null : job;
        [seen, told] = [now, Date.now()];
      }
      if (job.finishedAt) return;
      await delay(LOOK_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Ends whoever follows. */
  close(): void {
    this.closing.abort();
  }
}

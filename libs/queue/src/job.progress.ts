import type { Job } from './job.entity.ts';

const TOLD_MS = 1000;

/** How far a job says it is. Its row hears of it once a second, and of what was said last when the job is completed. */
export class JobProgress {
  private next = 0;
  last: Partial<Pick<Job, 'done' | 'total'>> = {};

  constructor(private readonly write: (said: Partial<Job>) => Promise<unknown>) {}

  async say(done: number, total?: number): Promise<void> {
    this.last = total === undefined ? { ...this.last, done } : { done, total };
    if (Date.now() < this.next) return;
    this.next = Date.now() + TOLD_MS;
    await this.write(this.last);
  }
}

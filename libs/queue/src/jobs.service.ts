import { type Database } from '#database';
import { idAfter, type Log, newId, type Page, pageById, type Principal, runInContext, VaultError } from '#kernel';
import { Job } from './job.entity.ts';
import { DEAD, type Delivery, type JobMessage, type JobQueue } from './job-queue.ts';
import { JobNotFound } from './queue.errors.ts';

/** What a running job may do with itself. */
export interface RunningJob {
  job: Job;
  signal: AbortSignal;
  /** Says how far it is, in records. Cheap to call often: it writes at most once a second. */
  progress: (done: number, total?: number) => Promise<void>;
}

export type JobHandler = (running: RunningJob) => Promise<Record<string, unknown>>;

const PROGRESS_MS = 1000;

/** Work that takes longer than a request may: asked for in a transaction, followed by its row. */
export class JobsService {
  private burying: Promise<void> | undefined;

  constructor(
    private readonly database: Database,
    private readonly queue: JobQueue,
    private readonly log: Log,
  ) {}

  /** Asks for work inside the running transaction of the caller's tenant. */
  async ask(caller: Principal, kind: string, parameters: Record<string, unknown>): Promise<Job> {
    const id = newId();
    const jobs = this.database.repository(Job);
    await jobs.insert({
      id,
      tenantId: caller.tenantId,
      kind,
      state: 'queued',
      parameters: parameters as never,
      createdBy: caller.id,
    });
    await this.queue.enqueue(kind, { jobId: id, tenantId: caller.tenantId });
    return jobs.findOneByOrFail({ id });
  }

  /** One of the caller's own, or anyone's for those who oversee jobs. @throws JobNotFound */
  get(caller: Principal, id: string): Promise<Job> {
    return this.database.inTenant(caller.tenantId, async () => {
      const job = await this.database.repository(Job).findOneBy({ id, ...ownerSeenBy(caller) });
      if (!job) throw new JobNotFound();
      return job;
    });
  }

  /** The caller's own, or everyone's for those who oversee jobs; newest first. @throws BadCursor */
  list(caller: Principal, limit: number, cursor?: string): Promise<Page<Job>> {
    return this.database.inTenant(caller.tenantId, async () => {
      const query = this.database
        .repository(Job)
        .createQueryBuilder('job')
        .orderBy('job.id', 'DESC')
        .where(ownerSeenBy(caller))
        .limit(limit + 1);
      const before = idAfter(cursor);
      if (before) query.andWhere('job.id < :before', { before });
      const rows = await query.getMany();
      return pageById(rows, limit);
    });
  }

  /** Lets this process do jobs of `kind`. What `handle` gives back becomes the job's result. */
  async serve(kind: string, handle: JobHandler): Promise<void> {
    await this.queue.work(kind, (message, delivery) =>
      runInContext({ requestId: message.jobId }, () => this.run(message, delivery, handle)),
    );
    this.burying ??= this.queue.work(DEAD, (message) => this.bury(message));
    await this.burying;
  }

  /** Without this, a job that takes its process down at every try would look as if it still ran. */
  private async bury({ jobId, tenantId }: JobMessage): Promise<void> {
    const lost = await this.change(tenantId, jobId, {
      state: 'failed',
      failure: 'PROCESS_LOST',
      finishedAt: new Date(),
    });
    if (lost)
      this.log.error({ event_type: 'job', job_id: jobId, action: lost.kind, error: 'PROCESS_LOST' }, 'job failed');
  }

  private async run({ jobId, tenantId }: JobMessage, delivery: Delivery, handle: JobHandler): Promise<void> {
    const job = await this.change(tenantId, jobId, { state: 'running', startedAt: new Date(), done: 0 });
    // Delivered a second time after it was done: nothing is left to do.
    if (!job) return;
    const started = Date.now();
    try {
      const result = await handle({ job, signal: delivery.signal, progress: this.progress(job) });
      await this.change(tenantId, jobId, { state: 'completed', result: result as never, finishedAt: new Date() });
      this.log.info({ event_type: 'job', job_id: jobId, action: job.kind, ms: Date.now() - started }, 'job completed');
    } catch (error) {
      const failure = error instanceof VaultError ? error.wireCode : 'INTERNAL_ERROR';
      const final = delivery.last || (error instanceof VaultError && error.kind !== 'unavailable');
      this.log.error({ event_type: 'job', job_id: jobId, action: job.kind, error: failure, err: error }, 'job failed');
      await this.change(
        tenantId,
        jobId,
        final ? { state: 'failed', failure, finishedAt: new Date() } : { state: 'queued' },
      );
      if (!final) throw error;
    }
  }

  /** Changes a job that is not finished yet, and gives it; null when it is. */
  private change(tenantId: string, id: string, change: Partial<Job>): Promise<Job | null> {
    return this.database.inTenant(tenantId, async () => {
      const jobs = this.database.repository(Job);
      const { affected } = await jobs
        .createQueryBuilder()
        .update()
        .set(change as never)
        .where(`id = :id AND state IN ('queued', 'running')`, { id })
        .execute();
      return affected ? jobs.findOneBy({ id }) : null;
    });
  }

  private progress(job: Job): RunningJob['progress'] {
    let next = 0;
    return async (done, total) => {
      if (Date.now() < next) return;
      next = Date.now() + PROGRESS_MS;
      await this.change(job.tenantId, job.id, total === undefined ? { done } : { done, total });
    };
  }
}

/** Whose jobs a caller may see: what they ask for is on them, what others do is not. */
function ownerSeenBy({ id, permissions }: Principal): { createdBy?: string } {
  return permissions.has('job:oversee') ? {} : { createdBy: id };
}

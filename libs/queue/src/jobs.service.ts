import { type Database } from '#database';
import { idAfter, type Log, newId, type Page, pageById, type Principal, runInContext, VaultError } from '#kernel';
import { CancellationWatch } from './cancellation.watch.ts';
import { Job } from './job.entity.ts';
import { JobProgress } from './job.progress.ts';
import { DEAD, type Delivery, type JobMessage, type JobQueue } from './job-queue.ts';
import { JobCancelled, JobFinished, JobNotFound } from './queue.errors.ts';

/** What a running job may do with itself. */
export interface RunningJob {
  job: Job;
  signal: AbortSignal;
  /** Says how far it is, in records. Cheap to call often: it writes at most once a second, and at the end what was said last. */
  progress: (done: number, total?: number) => Promise<void>;
  /**
   * Completes the job with `result`, in the caller's transaction: what is published and the job that did it become true
   * together, and from there on it cannot be cancelled any more. Where nothing is published, the handler just returns.
   *
   * @throws JobCancelled
   */
  complete: (result: Record<string, unknown>) => Promise<void>;
}

export type JobHandler = (running: RunningJob) => Promise<Record<string, unknown>>;

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

  /** Whether a job is still to be done, or being done; in the running transaction of its tenant. */
  isUnderWay(id: string): Promise<boolean> {
    const states = ['queued', 'running'] as const;
    return this.database.repository(Job).existsBy(states.map((state) => ({ id, state })));
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

  /**
   * Ends a job of the caller's own, or anyone's for those who oversee jobs: nothing of it is published. One that runs notices
   * within a second or two, on whichever replica. Cancelling twice is no mistake.
   *
   * @param told done in the same transaction, when this was what ended it
   * @throws JobNotFound, JobFinished
   */
  cancel(caller: Principal, id: string, told: (job: Job) => Promise<void>): Promise<Job> {
    return this.database.inTenant(caller.tenantId, async () => {
      const jobs = this.database.repository(Job);
      const where = { id, ...ownerSeenBy(caller) };
      const job = await jobs.findOne({ where, lock: { mode: 'pessimistic_write' } });
      if (!job) throw new JobNotFound();
      if (job.state === 'cancelled') return job;
      if (job.finishedAt) throw new JobFinished();
      await jobs.update({ id }, { state: 'cancelled', finishedAt: new Date() });
      await told(job);
      return jobs.findOneByOrFail({ id });
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
    const watch = new CancellationWatch(() => this.isCancelled(job));
    const signal = AbortSignal.any([delivery.signal, watch.signal]);
    const progress = new JobProgress((said) => this.change(tenantId, jobId, said));
    try {
      const result = await handle({
        job,
        signal,
        progress: (done, total) => progress.say(done, total),
        complete: (made) => this.complete(job, made, progress),
      });
      const isOurs = await this.change(tenantId, jobId, completedWith(result, progress));
      if (!isOurs && (await this.isCancelled(job))) throw new JobCancelled();
      this.log.info({ event_type: 'job', job_id: jobId, action: job.kind, ms: Date.now() - started }, 'job completed');
    } catch (error) {
      if (await this.isCancelled(job)) {
        this.log.info({ event_type: 'job', job_id: jobId, action: job.kind }, 'job cancelled');
        return;
      }
      const failure = error instanceof VaultError ? error.wireCode : 'INTERNAL_ERROR';
      const final = delivery.last || (error instanceof VaultError && error.kind !== 'unavailable');
      this.log.error({ event_type: 'job', job_id: jobId, action: job.kind, error: failure, err: error }, 'job failed');
      await this.change(
        tenantId,
        jobId,
        final ? { state: 'failed', failure, finishedAt: new Date() } : { state: 'queued' },
      );
      if (!final) throw error;
    } finally {
      watch.end();
    }
  }

  private isCancelled({ id, tenantId }: Job): Promise<boolean> {
    return this.database.inTenant(tenantId, () => this.database.repository(Job).existsBy({ id, state: 'cancelled' }));
  }

  private async complete({ tenantId, id }: Job, result: Record<string, unknown>, progress: JobProgress): Promise<void> {
    if (!(await this.change(tenantId, id, completedWith(result, progress)))) throw new JobCancelled();
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
}

function completedWith(result: Record<string, unknown>, { last }: JobProgress): Partial<Job> {
  return { ...last, state: 'completed', result: result as never, finishedAt: new Date() };
}

/** Whose jobs a caller may see: what they ask for is on them, what others do is not. */
function ownerSeenBy({ id, permissions }: Principal): { createdBy?: string } {
  return permissions.has('job:oversee') ? {} : { createdBy: id };
}

import { type Delivery, type JobCounts, type JobMessage, JobQueue } from '#queue';
import type { Tracer } from '#tracing';

/** Another queue: asking for a job is a span of the request, and doing it a trace of its own, which may begin hours later. */
export class TracedJobQueue extends JobQueue {
  private readonly queue: JobQueue;
  private readonly tracer: Tracer;

  constructor(queue: JobQueue, tracer: Tracer) {
    super();
    this.queue = queue;
    this.tracer = tracer;
  }

  override enqueue(kind: string, message: JobMessage): Promise<void> {
    const attributes = { 'job.kind': kind, 'job.id': message.jobId };
    return this.tracer.span(`enqueue ${kind}`, { kind: 'producer', attributes }, () =>
      this.queue.enqueue(kind, message),
    );
  }

  override work(kind: string, handle: (message: JobMessage, delivery: Delivery) => Promise<void>): Promise<void> {
    return this.queue.work(kind, (message, delivery) => {
      const attributes = { 'job.kind': kind, 'job.id': message.jobId };
      return this.tracer.span(`job ${kind}`, { kind: 'consumer', attributes, parent: null }, () =>
        handle(message, delivery),
      );
    });
  }

  override counts(): Promise<JobCounts[]> {
    return this.queue.counts();
  }

  override stop(): Promise<void> {
    return this.queue.stop();
  }
}

// queue: work for later, asked for in the caller's transaction, and what its owner sees of it.
export { JobQueue, TRIES, WorkGate } from './job-queue.ts';
export type { Delivery, JobCounts, JobMessage } from './job-queue.ts';
export { Job } from './job.entity.ts';
export type { JobState } from './job.entity.ts';
export { JobsService } from './jobs.service.ts';
export type { JobHandler, RunningJob } from './jobs.service.ts';
export { Outbox } from './outbox.ts';
export { OutboxEvent } from './outbox-event.entity.ts';
export { migrateQueue, PgBossJobQueue } from './adapters/pg-boss.job-queue.ts';
export { JobCancelled, JobFinished, JobNotFound } from './queue.errors.ts';

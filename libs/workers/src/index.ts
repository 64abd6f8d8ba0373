// workers: threads for work that would stop the event loop. Knows nothing of what they do.
export { WorkerPool } from './worker-pool.ts';
export type { RunOptions, WorkerPoolOptions } from './worker-pool.ts';
export { serveTasks } from './serve-tasks.ts';
export type { Done } from './serve-tasks.ts';
export { WorkerBusy, WorkerLost, WorkerTooSlow } from './worker.errors.ts';

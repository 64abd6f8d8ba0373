/** What a message says: which job. Everything else is in its row, read under the tenant's own rights. */
export interface JobMessage {
  jobId: string;
  tenantId: string;
}

/** What the queue tells a worker besides the message. */
export interface Delivery {
  /** Aborted when the work was taken away: it ran out of time, or the server stops. */
  signal: AbortSignal;
  /** No further try follows this one; to be asked when it has failed, as one that was cut short does not count. */
  readonly last: boolean;
}

/** How much work of a kind there is, as it was some seconds ago. */
export interface JobCounts {
  kind: string;
  waiting: number;
  running: number;
}

/** Whether work may begin. What has begun goes on. */
export abstract class WorkGate {
  abstract get isOpen(): boolean;
  /** Waits until it is open, or `signal` is aborted. */
  abstract passed(signal: AbortSignal): Promise<void>;
}

/** Port. Work for later: delivered at least once, by any replica, at most `TRIES` times. */
export abstract class JobQueue {
  /** Puts a message in the queue in the running transaction: it is there when that commits, or never. */
  abstract enqueue(kind: string, message: JobMessage): Promise<void>;
  /** Hands messages of `kind` to `handle`, one at a time on this process. A throw means: try again later. */
  abstract work(kind: string, handle: (message: JobMessage, delivery: Delivery) => Promise<void>): Promise<void>;
  /** How much there is to do, over all tenants and replicas. */
  abstract counts(): Promise<JobCounts[]>;
  /** Takes no more work, tells running work to end, and waits for it. Work that ends by that is tried again in full. */
  abstract stop(): Promise<void>;
}

export const TRIES = 5;
/** The kind under which a message comes back whose last try ended without an answer: its process was lost. */
export const DEAD = 'dead';

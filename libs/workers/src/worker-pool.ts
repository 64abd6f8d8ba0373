import { availableParallelism } from 'node:os';
import { type Transferable, Worker } from 'node:worker_threads';
import { WorkerBusy, WorkerLost, WorkerTooSlow } from './worker.errors.ts';

/**
 * For what a thread makes and drops, three times V8's semi-space: a task's buffers lie outside of the heap, and are let
 * go when it is cleared, so that a small one keeps the process small.
 */
const YOUNG_MB = 3;

export interface WorkerPoolOptions {
  /** Threads; one for each core but one when left out. */
  size?: number;
  /** Tasks that may wait; one more is refused, so that a flood is turned away instead of filling the memory. */
  maxQueue: number;
  /** A task that takes longer is ended, with its thread; the next one gets a new thread. */
  timeoutMs?: number;
}

export interface RunOptions {
  /** Buffers of the task that move to the thread; they are empty here afterwards. */
  transfer?: Transferable[];
  /** Takes a waiting task back. One that has begun is finished, and its result dropped. */
  signal?: AbortSignal;
}

interface Task<T, R> {
  task: T;
  transfer: Transferable[];
  signal?: AbortSignal;
  resolve: (result: R) => void;
  reject: (error: unknown) => void;
}

interface Thread<T, R> {
  worker: Worker;
  running: Task<T, R> | null;
  timer?: NodeJS.Timeout;
}

type Answer<R> = { result: R } | { error: unknown };

/** Threads that do tasks of one kind, each one task at a time, in the order they were asked for. */
export class WorkerPool<T, R> {
  readonly #script: URL;
  readonly #options: WorkerPoolOptions;
  readonly #size: number;
  readonly #threads = new Set<Thread<T, R>>();
  readonly #waiting: Task<T, R>[] = [];
  #closed = false;

  /** Threads start with the first task that needs them. `script` calls `serveTasks`. */
  constructor(script: URL, options: WorkerPoolOptions) {
    this.#script = script;
    this.#options = options;
    this.#size = options.size ?? Math.max(1, availableParallelism() - 1);
  }

  /**
   * @throws WorkerBusy when too many tasks wait
   * @throws WorkerLost when the thread ended under it, or the pool is closed
   * @throws WorkerTooSlow
   * @throws whatever the task throws, and the signal's reason when it is taken back
   */
  async run(task: T, { transfer = [], signal }: RunOptions = {}): Promise<R> {
    signal?.throwIfAborted();
    if (this.#closed) throw new WorkerLost();
    if (this.#waiting.length >= this.#options.maxQueue) throw new WorkerBusy().with({ retryAfter: 1 });
    return new Promise<R>((resolve, reject) => {
      this.#waiting.push({ task, transfer, signal, resolve, reject });
      this.#next();
    });
  }

  /** Tasks that wait for a thread. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Ends all threads; what is under way or waiting fails with `WorkerLost`. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { reject } of this.#waiting.splice(0)) reject(new WorkerLost());
    await Promise.all([...this.#threads].map(({ worker }) => worker.terminate()));
  }

  #next(): void {
    while (this.#waiting.length > 0) {
      const thread = [...this.#threads].find(({ running }) => !running) ?? this.#start();
      if (!thread) return;
      const task = this.#waiting.shift()!;
      if (task.signal?.aborted) task.reject(task.signal.reason);
      else this.#give(thread, task);
    }
  }

  #start(): Thread<T, R> | null {
    if (this.#threads.size >= this.#size) return null;
    const thread: Thread<T, R> = {
      worker: new Worker(this.#script, { resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } }),
      running: null,
    };
    this.#threads.add(thread);
    thread.worker.on('message', (answer: Answer<R>) => this.#settle(thread, answer));
    thread.worker.on('error', (error) => this.#drop(thread, error));
    thread.worker.on('exit', () => this.#drop(thread, new WorkerLost()));
    // A pool that was forgotten must not keep the process alive.
    thread.worker.unref();
    return thread;
  }

  #give(thread: Thread<T, R>, task: Task<T, R>): void {
    thread.running = task;
    thread.worker.ref();
    const { timeoutMs } = this.#options;
    if (timeoutMs !== undefined) thread.timer = setTimeout(() => this.#end(thread), timeoutMs);
    try {
      thread.worker.postMessage(task.task, task.transfer);
    } catch (error) {
      // What cannot be sent is the asker's mistake; the thread is as good as before.
      this.#settle(thread, { error });
    }
  }

  #settle(thread: Thread<T, R>, answer: Answer<R>): void {
    const task = this.#free(thread);
    if (!task) return;
    if ('error' in answer) task.reject(answer.error);
    else if (task.signal?.aborted) task.reject(task.signal.reason);
    else task.resolve(answer.result);
    this.#next();
  }

  #end(thread: Thread<T, R>): void {
    this.#drop(thread, new WorkerTooSlow());
    void thread.worker.terminate();
  }

  #drop(thread: Thread<T, R>, error: unknown): void {
    this.#threads.delete(thread);
    this.#free(thread)?.reject(error);
    if (!this.#closed) this.#next();
  }

  #free(thread: Thread<T, R>): Task<T, R> | null {
    const task = thread.running;
    thread.running = null;
    clearTimeout(thread.timer);
    thread.worker.unref();
    return task;
  }
}

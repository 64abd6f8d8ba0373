import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

interface Answer {
  id: number;
  /** Null when the database could not go on. */
  reply: Uint8Array | null;
}

interface Waiting {
  resolve: (reply: Uint8Array) => void;
  reject: (error: Error) => void;
}

const script = new URL(import.meta.url.endsWith('.ts') ? './pglite.worker.ts' : './pglite.worker.js', import.meta.url);

/** The embedded PostgreSQL, spoken to in PostgreSQL's own wire protocol, so that `pg` and TypeORM need no other dialect. */
export class EmbeddedPostgres {
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 1;
  private failure: Error | null = null;
  private readonly worker: Worker;

  private constructor(worker: Worker) {
    this.worker = worker;
    worker.on('message', ({ id, reply }: Answer) => {
      const waiting = this.waiting.get(id);
      this.waiting.delete(id);
      if (reply) waiting?.resolve(reply);
      else waiting?.reject(new Error('the embedded database has stopped'));
    });
    worker.on('error', (error) => this.fail(error));
    worker.on('exit', () => this.fail(new Error('the embedded database has stopped')));
  }

  /** Opens the database in `dataDir`, creating it first when it is not there. About 0.5 s, or 5 s for a new one. */
  static async open(dataDir: string): Promise<EmbeddedPostgres> {
    if (!existsSync(join(dataDir, 'PG_VERSION'))) {
      // Where this cannot be, that is said now and not after seconds of making it.
      mkdirSync(dataDir, { recursive: true, mode: 0o700 });
      // Creating needs several hundred MB for a moment; on a thread of its own they go back to the system with it.
      const creator = new Worker(script, { workerData: { dataDir, createOnly: true } });
      await firstMessage(creator);
      await creator.terminate();
    }
    const worker = new Worker(script, { workerData: { dataDir, createOnly: false } });
    await firstMessage(worker);
    return new EmbeddedPostgres(worker);
  }

  /** Sends whole protocol messages and gives back what the database says to them. */
  exchange(message: Uint8Array): Promise<Uint8Array> {
    if (this.failure) return Promise.reject(this.failure);
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.worker.postMessage({ id, message });
    });
  }

  async close(): Promise<void> {
    if (this.failure) return;
    const ended = new Promise<void>((resolve) => this.worker.once('exit', () => resolve()));
    this.worker.postMessage('close');
    await ended;
  }

  private fail(error: Error): void {
    this.failure ??= error;
    for (const { reject } of this.waiting.values()) reject(this.failure);
    this.waiting.clear();
  }
}

function firstMessage(worker: Worker): Promise<unknown> {
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the embedded database did not start (exit ${code})`)));
  });
}

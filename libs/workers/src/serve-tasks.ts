import { parentPort } from 'node:worker_threads';
import type { Transferable } from 'node:worker_threads';

/** What a task came to, and which of its buffers may move to the asking thread instead of being copied. */
export interface Done<R> {
  result: R;
  transfer?: Transferable[];
}

/** On the thread's side: answers each task of a `WorkerPool`, which asks for one at a time. A throw is the task's failure, not the thread's. */
export function serveTasks<T, R>(handle: (task: T) => Done<R> | Promise<Done<R>>): void {
  const port = parentPort;
  if (!port) throw new Error('only a worker thread serves tasks');
  const answer = async (task: T): Promise<void> => {
    try {
      const { result, transfer = [] } = await handle(task);
      port.postMessage({ result }, transfer);
    } catch (error) {
      port.postMessage({ error });
    }
  };
  port.on('message', (task: T) => void answer(task));
}

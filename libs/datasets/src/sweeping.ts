import type { Log } from '#kernel';
import type { WorkGate } from '#queue';
import type { BlobStore } from '#storage';

export interface Round {
  sweep: () => Promise<unknown>;
  everyMs: number;
  log: Log;
  /** Nothing is swept while it is closed. */
  gate?: WorkGate;
  /** What the log says when a round fails. */
  failed: string;
}

/** Sweeps again and again. A slow round is not joined by a second, and one that fails is tried again with the next. */
export class Rounds {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<unknown> | undefined;

  constructor(private readonly of: Round) {}

  start(): void {
    this.timer = setInterval(() => this.begin(), this.of.everyMs);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Now, unless one is going on. */
  begin(): void {
    const { sweep, log, gate, failed } = this.of;
    if (gate && !gate.isOpen) return;
    this.running ??= sweep()
      .catch((error: unknown) => log.warn({ event_type: 'sweep', error: 'SWEEP_FAILED', err: error }, failed))
      .finally(() => (this.running = undefined));
  }
}

/** Deletes objects whose key begins with `prefix` and that are older than a time. */
export async function deleteOlder(blobs: BlobStore, prefix: string, beforeMs: number): Promise<void> {
  for await (const { key, modified } of blobs.list(prefix)) {
    if (modified.getTime() < beforeMs) await blobs.delete(key);
  }
}

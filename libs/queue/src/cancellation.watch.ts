import { JobCancelled } from './queue.errors.ts';

/** How long a job that was cancelled may go on before it notices. */
const LOOK_MS = 1000;

/** Looks now and then whether somebody has cancelled a job that runs here. */
export class CancellationWatch {
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private looking = false;

  constructor(isCancelled: () => Promise<boolean>) {
    this.timer = setInterval(() => void this.look(isCancelled), LOOK_MS);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  end(): void {
    clearInterval(this.timer);
  }

  private async look(isCancelled: () => Promise<boolean>): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    try {
      if (await isCancelled()) this.controller.abort(new JobCancelled());
    } catch {
      // Whoever cannot look now looks again.
    } finally {
      this.looking = false;
    }
  }
}

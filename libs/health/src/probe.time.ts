import { setTimeout as delay } from 'node:timers/promises';

/** Port. The time that probes go by: it passes evenly, whatever the clock on the wall is set to. */
export interface ProbeTime {
  /** Milliseconds since some moment. */
  now(): number;
  /** Is done when that much has passed; never, once the signal says that nobody waits for it. */
  pass(ms: number, signal: AbortSignal): Promise<void>;
}

export const STEADY_TIME: ProbeTime = {
  now: () => performance.now(),
  pass: (ms, signal) => delay(ms, undefined, { signal }),
};

// The real one, also while timers are held.
const { setTimeout: later } = globalThis;
const PATIENCE_MS = 60_000;

/** Timeouts and intervals of the code under test come only when `jest.advanceTimersByTime` says so; all else goes on. */
export function holdTimers(): void {
  jest.useFakeTimers({
    doNotFake: ['Date', 'hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate'],
  });
}

/** Waits for what others bring about, also while timers are held. */
export async function untilSo(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error('it did not come');
    await new Promise((resolve) => later(resolve, 5));
  }
}

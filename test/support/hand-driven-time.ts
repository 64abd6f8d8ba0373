/** Stands still until the test says that it passes, so that no machine is too slow for what is proved. */
export class HandDrivenTime {
  private ms = 0;
  private waiting: { at: number; done: () => void }[] = [];

  now(): number {
    return this.ms;
  }

  pass(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((done) => {
      const waits = { at: this.ms + ms, done };
      this.waiting.push(waits);
      signal.addEventListener('abort', () => (this.waiting = this.waiting.filter((each) => each !== waits)));
    });
  }

  /** How many wait for time to pass. */
  get patient(): number {
    return this.waiting.length;
  }

  /** Lets time pass; whoever has waited for it goes on. */
  forward(ms: number): void {
    this.ms += ms;
    const due = this.waiting.filter(({ at }) => at <= this.ms);
    this.waiting = this.waiting.filter(({ at }) => at > this.ms);
    for (const { done } of due) done();
  }
}

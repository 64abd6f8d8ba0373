/** Whether this server wants requests. It begins closed, is opened once, and is drained for good. */
export class Readiness {
  private state: 'starting' | 'open' | 'draining' = 'starting';

  /** To be called when the server listens. After `drain` it does nothing: a start that a signal overtook stays closed. */
  open(): void {
    if (this.state === 'starting') this.state = 'open';
  }

  /** The first step of a shutdown: balancers must stop sending before the server stops taking. */
  drain(): void {
    this.state = 'draining';
  }

  get isDraining(): boolean {
    return this.state === 'draining';
  }

  get isOpen(): boolean {
    return this.state === 'open';
  }
}

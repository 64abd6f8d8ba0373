import type { Database } from '#database';
import type { Log } from '#kernel';
import { MaintenanceSwitch } from './maintenance-switch.entity.ts';

/** How long a replica may not know of a change that was made on another one. */
const LOOK_MS = 1000;

/**
 * Whether the vault is under maintenance, as this server knows it. It looks once a second, so a change holds everywhere
 * within two; while the database does not answer, what was known last goes on.
 */
export class MaintenanceMode {
  private switches: readonly MaintenanceSwitch[] = [];
  private timer: NodeJS.Timeout | undefined;
  private looking = false;
  private asked = 0;
  private answered = 0;
  private readonly waiting = new Set<() => void>();
  private readonly database: Database;
  private readonly log: Log;

  constructor(database: Database, log: Log) {
    this.database = database;
    this.log = log;
  }

  /** Knows how it is before it returns. @throws DatabaseUnavailable */
  async start(): Promise<void> {
    await this.look();
    this.timer = setInterval(() => this.lookAgain(), LOOK_MS).unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  get isOn(): boolean {
    return this.switches.length > 0;
  }

  /** Who wants it, since when and why; empty when there is no maintenance. */
  get wantedBy(): readonly MaintenanceSwitch[] {
    return this.switches;
  }

  /** Reads it anew: what was changed before is known after. @throws DatabaseUnavailable */
  async look(): Promise<void> {
    const turn = ++this.asked;
    const switches = await this.database.withoutTenant({}, () =>
      this.database.repository(MaintenanceSwitch).find({ order: { source: 'ASC' } }),
    );
    // One that began later has answered already, and knows more.
    if (turn < this.answered) return;
    this.answered = turn;
    this.take(switches);
  }

  /** Waits until there is no maintenance, or `signal` is aborted. */
  over(signal: AbortSignal): Promise<void> {
    if (!this.isOn || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        this.waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.waiting.add(done);
      signal.addEventListener('abort', done);
    });
  }

  /** A slow look is not joined by a second. */
  private lookAgain(): void {
    if (this.looking) return;
    this.looking = true;
    void this.look()
      .catch(() => undefined)
      .finally(() => (this.looking = false));
  }

  private take(switches: readonly MaintenanceSwitch[]): void {
    const wasOn = this.isOn;
    this.switches = switches;
    if (this.isOn === wasOn) return;
    const reason = switches.map((each) => `${each.source}: ${each.reason}`).join('; ');
    const said = this.isOn ? 'maintenance begins: writes are refused' : 'maintenance is over';
    this.log.warn({ event_type: 'maintenance', ...(this.isOn && { reason }) }, said);
    if (!this.isOn) for (const done of this.waiting) done();
  }
}

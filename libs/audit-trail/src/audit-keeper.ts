import type { Log } from '#kernel';
import type { Anchors } from './anchors.ts';
import type { Checkpointer } from './checkpointer.ts';
import type { DailyExport, ExportTenant } from './daily-export.ts';
import type { Sealer } from './sealer.ts';

/** Who there is, told by the room that knows. */
export interface Tenants {
  tenants(): Promise<ExportTenant[]>;
}

export interface AuditKeeperParts {
  tenants: Tenants;
  sealer: Sealer;
  checkpointer: Checkpointer;
  anchors: Anchors;
  exports: DailyExport;
  log: Log;
}

const SEAL_MS = 1000;
const EXPORT_MS = 10 * 60_000;

/** What happens to the audit by itself: sealing each second, checkpoints and anchors when due, the day's export. */
export class AuditKeeper {
  readonly #parts: AuditKeeperParts;
  #sealing: NodeJS.Timeout | undefined;
  #exporting: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #idle = true;
  #stopped = false;

  constructor(parts: AuditKeeperParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#sealing = setInterval(() => this.#turn((tenant) => this.#keep(tenant)), SEAL_MS);
    this.#exporting = setInterval(() => this.#export(), EXPORT_MS);
    this.#sealing.unref();
    this.#exporting.unref();
    this.#export();
  }

  /** Ends after the tenant that is being worked on: before the database closes under it. */
  async stop(): Promise<void> {
    clearInterval(this.#sealing);
    clearInterval(this.#exporting);
    this.#stopped = true;
    await this.#running;
    this.#parts.sealer.forgetKeys();
  }

  #export(): void {
    // Behind what runs, and not beside it: there may be one connection only.
    this.#running = this.#running.then(() => this.#each((tenant) => this.#exportDays(tenant)));
  }

  /** A slow turn is not joined by a second. */
  #turn(work: (tenant: ExportTenant) => Promise<void>): void {
    if (!this.#idle) return;
    this.#idle = false;
    this.#running = this.#running.then(() => this.#each(work)).finally(() => (this.#idle = true));
  }

  /** One tenant's trouble is not the others'; what could not be done is tried again next time. */
  async #each(work: (tenant: ExportTenant) => Promise<void>): Promise<void> {
    const { log } = this.#parts;
    const failed = (err: unknown): void =>
      log.warn({ event_type: 'audit', error: 'AUDIT_NOT_KEPT', err }, 'sealing or exporting the audit failed');
    const all = await this.#parts.tenants.tenants().catch((error: unknown) => (failed(error), []));
    for (const tenant of all) {
      if (this.#stopped) return;
      await work(tenant).catch(failed);
    }
  }

  async #keep({ id }: ExportTenant): Promise<void> {
    const { sealer, checkpointer, anchors } = this.#parts;
    await sealer.seal(id);
    await checkpointer.check(id);
    await anchors.bringUp(id);
  }

  async #exportDays(tenant: ExportTenant): Promise<void> {
    const written = await this.#parts.exports.bringUp(tenant);
    if (written.length > 0) {
      this.#parts.log.info({ event_type: 'audit', count: written.length }, 'wrote the audit of past days');
    }
  }
}

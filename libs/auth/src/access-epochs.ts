import type { Database } from '#database';
import type { Clock } from '#kernel';

/** Until then a number is taken as it is, and from then on it is looked up behind the back of whoever asks. */
const FRESH_MS = 700;
/** From then on everybody waits for it. With a second for the look-up itself, what is revoked is refused within two. */
const STALE_MS = 1000;

interface Known {
  epoch: number;
  /** When the look-up began: what happened after that is not in it. */
  since: number;
}

/**
 * Tells servers that a right was taken away somewhere, or another rule of a tenant was changed. A change raises the number of its tenant in its own transaction;
 * every server looks at the number once a second, and what it remembers under another one is worth nothing.
 */
export class AccessEpochs {
  private readonly known = new Map<string, Known>();
  private readonly reading = new Map<string, Promise<number>>();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Takes back what was remembered of this tenant, here at once and elsewhere within two seconds. Inside the change's transaction. */
  async raise(tenantId: string): Promise<void> {
    await this.database.query(
      `INSERT INTO access_epochs (tenant_id, epoch) VALUES ($1, 1)
         ON CONFLICT (tenant_id) DO UPDATE SET epoch = access_epochs.epoch + 1`,
      [tenantId],
    );
    this.database.afterCommit(() => {
      this.known.delete(tenantId);
      // A look-up that is under way may have begun before the change.
      this.reading.delete(tenantId);
    });
  }

  async current(tenantId: string): Promise<number> {
    const known = this.known.get(tenantId);
    const age = known ? this.clock.now().getTime() - known.since : Infinity;
    // A clock that was set back makes nothing last longer.
    if (!known || age < 0 || age >= STALE_MS) return this.read(tenantId);
    if (age >= FRESH_MS) void this.read(tenantId).catch(() => undefined);
    return known.epoch;
  }

  private read(tenantId: string): Promise<number> {
    const under = this.reading.get(tenantId);
    if (under) return under;
    const since = this.clock.now().getTime();
    const reading = this.lookUp(tenantId)
      .then((epoch) => {
        if (this.reading.get(tenantId) === reading) this.known.set(tenantId, { epoch, since });
        return epoch;
      })
      .finally(() => {
        if (this.reading.get(tenantId) === reading) this.reading.delete(tenantId);
      });
    this.reading.set(tenantId, reading);
    return reading;
  }

  private lookUp(tenantId: string): Promise<number> {
    return this.database.inTenant(tenantId, async () => {
      const [row] = await this.database.query<{ epoch: number }>(
        'SELECT epoch FROM access_epochs WHERE tenant_id = $1',
        [tenantId],
      );
      return row?.epoch ?? 0;
    });
  }
}

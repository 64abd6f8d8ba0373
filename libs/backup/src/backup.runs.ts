import type { Audit } from '#audit';
import type { Database } from '#database';

export interface FinishedRun {
  name: string;
  place: string;
  bytes: number;
}

/** Which backups were made: for the metric that warns when there was none for too long. */
export class BackupRuns {
  constructor(
    private readonly database: Database,
    private readonly audit: Audit,
  ) {}

  /** In the name of the tenant that runs the vault. */
  async finished(tenantId: string, { name, place, bytes }: FinishedRun): Promise<void> {
    await this.database.inTenant(tenantId, async () => {
      await this.database.query(
        'INSERT INTO backup_runs (name, place, bytes) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING',
        [name, place, bytes],
      );
      const entry = { action: 'backup.create', resource: name, details: { place, bytes } };
      await this.audit.append({ id: null, tenantId }, entry);
    });
  }

  async restored(
    tenantId: string,
    { name, place, rows }: { name: string; place: string; rows: number },
  ): Promise<void> {
    const entry = { action: 'backup.restore', resource: name, details: { place, rows } };
    await this.database.inTenant(tenantId, () => this.audit.append({ id: null, tenantId }, entry));
  }

  /** When the last one was finished; null before there was one. */
  async lastSuccess(): Promise<Date | null> {
    const [row] = await this.database.withoutTenant({}, () =>
      this.database.query<{ at: Date | null }>('SELECT max(finished_at) AS at FROM backup_runs'),
    );
    return row?.at ?? null;
  }
}

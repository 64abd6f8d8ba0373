import type { Audit, AuditActor } from '#audit';
import type { Database } from '#database';
import { MaintenanceSwitch, type MaintenanceSource } from './maintenance-switch.entity.ts';

export interface MaintenanceOrder {
  source: MaintenanceSource;
  reason: string;
}

/** Begins and ends maintenance. Each source has its own switch: what the one began, the other does not end. */
export class MaintenanceSwitches {
  private readonly database: Database;
  private readonly audit: Audit;

  constructor(database: Database, audit: Audit) {
    this.database = database;
    this.audit = audit;
  }

  list(): Promise<MaintenanceSwitch[]> {
    return this.database.withoutTenant({}, () =>
      this.database.repository(MaintenanceSwitch).find({ order: { source: 'ASC' } }),
    );
  }

  /** Gives whether that changed anything: of several replicas that want the same, one does it and says so. */
  on(actor: AuditActor, { source, reason }: MaintenanceOrder): Promise<boolean> {
    return this.database.inTenant(actor.tenantId, async () => {
      const made = await this.database.query(
        `INSERT INTO maintenance_switches (source, reason, actor_id) VALUES ($1, $2, $3)
           ON CONFLICT (source) DO NOTHING RETURNING 1`,
        [source, reason, actor.id],
      );
      if (made.length === 0) return false;
      await this.tell(actor, 'maintenance.begin', { source, reason });
      return true;
    });
  }

  off(actor: AuditActor, { source, reason }: MaintenanceOrder): Promise<boolean> {
    return this.database.inTenant(actor.tenantId, async () => {
      const gone = await this.database.query('DELETE FROM maintenance_switches WHERE source = $1 RETURNING 1', [
        source,
      ]);
      if (gone.length === 0) return false;
      await this.tell(actor, 'maintenance.end', { source, reason });
      return true;
    });
  }

  private tell(actor: AuditActor, action: string, { source, reason }: MaintenanceOrder): Promise<void> {
    return this.audit.append(actor, { action, resource: 'maintenance', reason, details: { source } });
  }
}

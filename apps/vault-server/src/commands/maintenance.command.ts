import { Audit } from '#audit';
import { UserRepository } from '#auth';
import { type MaintenanceSource, MaintenanceSwitches } from '#maintenance';
import { PinoLog } from '../logging/pino.log.ts';
import { openOwner } from '../platform.ts';
import { readSettings } from '../settings.ts';

export type MaintenanceAction = 'on' | 'off' | 'status';

export interface MaintenanceOptions {
  reason: string;
  /** Whose switch is turned off: one that a Deployment left behind is ended by hand. */
  source: MaintenanceSource;
  json: boolean;
}

/** Begins, ends or shows maintenance, with the database alone. Every server follows within two seconds. */
export async function maintenance(
  action: MaintenanceAction,
  { reason, source, json }: MaintenanceOptions,
): Promise<number> {
  const opened = await openOwner(readSettings().settings, new PinoLog('warn'));
  try {
    const database = await opened.ready();
    const switches = new MaintenanceSwitches(database, new Audit(database));
    if (action !== 'status') {
      const [first] = await new UserRepository(database).tenants();
      if (!first) throw new Error('nobody uses this vault yet');
      await switches[action]({ id: null, tenantId: first.id }, { source, reason });
    }
    const wanted = (await switches.list()).map((each) => ({
      source: each.source,
      reason: each.reason,
      since: each.since.toISOString(),
    }));
    const said = { enabled: wanted.length > 0, wanted_by: wanted };
    console.log(json ? JSON.stringify(said) : asText(wanted));
    return 0;
  } finally {
    await opened.close();
  }
}

function asText(wanted: { source: string; reason: string; since: string }[]): string {
  if (wanted.length === 0) return 'no maintenance';
  const lines = wanted.map(({ source, reason, since }) => `  ${source} since ${since}: ${reason}`);
  return ['under maintenance: writes are refused', ...lines].join('\n');
}

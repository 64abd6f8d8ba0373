import { Readiness } from '#health';
import type { Log } from '#kernel';
import { healthOnly } from '../http/health-only.ts';
import { logProcessEvents } from '../logging/process-events.ts';
import { PinoLog } from '../logging/pino.log.ts';
import { openServer, stopOnSignal } from '../running-server.ts';
import { readSettings } from '../settings.ts';
import { logStartFailure } from './start-failure.ts';

/** What a process is for. A worker does jobs, and answers nothing but health checks and metrics. */
export type Role = 'server' | 'worker';

/** Runs until it is told to stop. Says everything as JSON lines on stdout, also why it does not start. */
export async function serve(role: Role): Promise<void> {
  const early = new PinoLog('info');
  logProcessEvents(early);
  try {
    const loaded = readSettings();
    await start(role, loaded, new PinoLog(loaded.settings.telemetry.log_level));
  } catch (error) {
    logStartFailure(early, error);
    process.exit(1);
  }
}

async function start(role: Role, loaded: ReturnType<typeof readSettings>, log: Log): Promise<void> {
  const { settings } = loaded;
  const server = await openServer(loaded, log, { takesWork: role === 'worker' || settings.jobs.in_server });
  const { app } = server;
  if (role === 'worker') healthOnly(app);
  stopOnSignal(server, log);
  await app.listen(settings.port, settings.host);
  app.get(Readiness).open();
  const url = await app.getUrl();
  if (role === 'worker') log.info({ event_type: 'process', url }, 'the worker is ready');
  else log.info({ event_type: 'process', url, docs: `${url}/docs` }, 'the vault is ready');
}

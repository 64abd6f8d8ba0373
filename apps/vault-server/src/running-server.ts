import type { Server as HttpServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { bootstrap, Passwords, UserRepository } from '#auth';
import { Audit } from '#audit';
import { JOB_KINDS } from '#datasets';
import { Readiness } from '#health';
import type { Log } from '#kernel';
import { MaintenanceMode } from '#maintenance';
import { PgBossJobQueue } from '#queue';
import { connectionBudget } from './doctor/connection.budget.ts';
import { createApp } from './http/create-app.ts';
import { MaintenanceGate } from './modules/work.module.ts';
import { openPlatform, type Platform } from './platform.ts';
import type { readSettings } from './settings.ts';
import { LAST_WORD_MS, stopListening } from './stop-listening.ts';
import { watchTokenSecrets } from './token-secrets.ts';
import { tracedQueue } from './tracing/open-tracing.ts';

/** How long balancers get to notice that this server is not ready any more, before it stops listening. */
const DRAIN_MS = 5_000;
/** Past this what still runs is cut: Kubernetes would kill the process soon anyway. */
const GRACE_MS = 25_000;

export interface Server {
  app: NestFastifyApplication;
  platform: Platform;
}

export interface ServerOptions {
  /** Whether this process does jobs, besides asking for them. */
  takesWork: boolean;
}

/** Everything opened, checked and put together, not listening yet. */
export async function openServer(
  loaded: ReturnType<typeof readSettings>,
  log: Log,
  { takesWork }: ServerOptions,
): Promise<Server> {
  const { settings } = loaded;
  const platform = await openPlatform(settings, log);
  watchTokenSecrets(loaded, platform.tokenKeys, log);
  if (!platform.opened.embedded) await warnOfConnections(platform, settings.database.max_connections, log);
  const { database } = platform;
  const { admin_email: email, admin_password: password } = settings.bootstrap;
  const users = new UserRepository(database);
  await bootstrap(
    { database, users, passwords: new Passwords(), audit: new Audit(database), log },
    { email, password },
  );
  const maintenance = new MaintenanceMode(database, log);
  await maintenance.start();
  const gate = new MaintenanceGate(maintenance);
  const jobs = await PgBossJobQueue.start(database, JOB_KINDS, log, { gate, takesWork });
  const queue = tracedQueue(jobs, platform.tracing);
  return { app: await createApp({ loaded, platform, maintenance, queue, gate, log }), platform };
}

/** The one who starts last would find no connection left, or the one who has to help. */
async function warnOfConnections({ opened }: Platform, pool: number, log: Log): Promise<void> {
  const { needed, given } = await connectionBudget(opened, pool);
  if (needed <= given) return;
  const fields = { event_type: 'database', setting: 'VAULT__DATABASE__MAX_CONNECTIONS', count: needed };
  log.warn(fields, 'all servers together may ask for more connections than the database gives');
}

/** Finishes what is under way when a signal comes: first no longer ready, then no longer listening, then closed. */
export function stopOnSignal({ app, platform }: Server, log: Log): void {
  const readiness = app.get(Readiness);
  let stopping: Promise<void> | null = null;
  const stop = (signal: NodeJS.Signals): void => {
    // A second signal means now.
    if (stopping) process.exit(0);
    stopping = (async () => {
      log.info({ event_type: 'process', signal }, 'stopping: no longer ready, finishing what is under way');
      readiness.drain();
      setTimeout(() => process.exit(0), DRAIN_MS + LAST_WORD_MS + GRACE_MS).unref();
      if (!platform.opened.embedded) {
        await delay(DRAIN_MS);
        await stopListening(app.getHttpServer() as HttpServer);
      }
      await app.close();
      await platform.close();
      log.info({ event_type: 'process' }, 'stopped');
      process.exit(0);
    })();
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

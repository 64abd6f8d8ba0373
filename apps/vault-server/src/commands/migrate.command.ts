import type { OpenedDatabase } from '#database';
import { PinoLog } from '../logging/pino.log.ts';
import { migrateUp, openOwner } from '../platform.ts';
import { readSettings } from '../settings.ts';
import { version } from '../version.ts';

/** The database knows migrations this program does not: a newer version has been here. */
const NEWER = 3;

export type MigrateAction = 'up' | 'status' | 'down';

/** Brings the schema up to date, shows it, or takes the newest migration back. Safe to run twice, and at once. */
export async function migrate(action: MigrateAction, { json }: { json: boolean }): Promise<number> {
  const opened = await openOwner(readSettings().settings, new PinoLog('warn'));
  try {
    const report = await act(action, opened);
    const { applied, pending, unknown } = await opened.migrator.status();
    const facts = { version, ...report, applied, pending, unknown };
    console.log(json ? JSON.stringify(facts) : asText(facts));
    return unknown.length > 0 ? NEWER : 0;
  } finally {
    await opened.close();
  }
}

async function act(action: MigrateAction, opened: OpenedDatabase): Promise<{ done: string[]; undone: string[] }> {
  if (action === 'status') return { done: [], undone: [] };
  if (action === 'up') return { done: await migrateUp(opened), undone: [] };
  const undone = await opened.migrator.down();
  return { done: [], undone: undone ? [undone] : [] };
}

interface Facts {
  version: string;
  done: string[];
  undone: string[];
  applied: string[];
  pending: string[];
  unknown: string[];
}

function asText({ done, undone, applied, pending, unknown, version: program }: Facts): string {
  return [
    `vault-server ${program}`,
    ...done.map((name) => `applied ${name}`),
    ...undone.map((name) => `took back ${name}`),
    `${applied.length} applied, ${pending.length} pending`,
    ...pending.map((name) => `  pending ${name}`),
    ...(unknown.length > 0 ? [`the database is newer than this program: ${unknown.join(', ')}`] : []),
  ].join('\n');
}

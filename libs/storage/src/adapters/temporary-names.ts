import { randomBytes } from 'node:crypto';
import { readdir, stat, unlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

const HOST = Buffer.from(hostname()).toString('hex').slice(0, 32);
/** Tells this process from an earlier one with the same number: in a container every server is number 1. */
const RUN = randomBytes(6).toString('hex');
const FOREIGN_MS = 24 * 60 * 60 * 1000;

let count = 0;

/** A file name nobody else uses, which says who is writing it. */
export function temporaryName(): string {
  count += 1;
  return `${HOST}.${process.pid}.${RUN}.${count}`;
}

/**
 * Removes what dead processes left half written. Whether a process of another machine lives cannot be told, so its
 * files go when they are a day old: no write takes that long.
 */
export async function sweepTemporaries(folder: string): Promise<number> {
  let swept = 0;
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (!(await isAbandoned(name, path))) continue;
    await unlink(path).catch(() => undefined);
    swept += 1;
  }
  return swept;
}

async function isAbandoned(name: string, path: string): Promise<boolean> {
  const [host, pid, run] = name.split('.');
  if (host !== HOST) {
    const age = await stat(path).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    return age > FOREIGN_MS;
  }
  if (Number(pid) === process.pid) return run !== RUN;
  return !isAlive(Number(pid));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, under another account.
    return typeof error === 'object' && error !== null && 'code' in error && error.code === 'EPERM';
  }
}

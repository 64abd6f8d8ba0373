import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { globSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

/** What a test needs to know of a running service, as environment variables. */
export type Facts = Record<string, string>;

export interface Account {
  uid: number;
  gid: number;
}

/** The account of that name; nothing when we are not root, and so can only run things as ourselves. */
export function accountOf(user: string): Account | undefined {
  if (userInfo().uid !== 0) return undefined;
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${user}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  if (!uid || !gid) throw new Error(`there is no user ${user}: run scripts/install-services.sh`);
  return { uid: Number(uid), gid: Number(gid) };
}

/** A loopback port nobody listens on right now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  if (typeof address !== 'object' || address === null) throw new Error('no loopback port to be had');
  return address.port;
}

const CLEAN_ENV = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LANG: 'C.UTF-8',
  HOME: '/tmp',
};

/** Runs a program to its end and gives its output. @throws Error with what it said when it fails. */
export async function run(
  command: string,
  args: readonly string[],
  options: { account?: Account; env?: Record<string, string> } = {},
): Promise<string> {
  const { account, env } = options;
  // The folder we were called from may be closed to the account.
  const { stdout } = await promisify(execFile)(command, args, { ...account, cwd: '/', env: { ...CLEAN_ENV, ...env } });
  return stdout;
}

export interface Daemon {
  /** Folder for its log and pid file; made when it is not there. */
  dir: string;
  name: string;
  command: string;
  args: readonly string[];
  account?: Account;
  env?: Record<string, string>;
}

/** Starts a server that outlives us, and notes its pid for `stopAll`. It must stay in the foreground. */
export function daemon({ dir, name, command, args, account, env }: Daemon): ChildProcess & { pid: number } {
  mkdirSync(dir, { recursive: true });
  const log = openSync(join(dir, `${name}.log`), 'a');
  const stdio = ['ignore', log, log] as const;
  const child = spawn(command, args, {
    ...account,
    cwd: '/',
    env: { ...CLEAN_ENV, ...env },
    detached: true,
    stdio: [...stdio],
  });
  child.on('error', () => undefined);
  if (child.pid === undefined) throw new Error(`${command} does not start: run scripts/install-services.sh`);
  writeFileSync(join(dir, `${name}.pid`), `${child.pid} ${bornAt(child.pid) ?? ''}\n`);
  child.unref();
  return Object.assign(child, { pid: child.pid });
}

/** Asks until the answer is there. @throws Error with the end of the log when the server ends or `seconds` are over. */
export async function until(
  what: Daemon,
  child: ChildProcess,
  seconds: number,
  ask: () => Promise<boolean>,
): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (Date.now() < deadline && child.exitCode === null && child.signalCode === null) {
    if (await ask().catch(() => false)) return;
    await delay(50);
  }
  const log = readFileSync(join(what.dir, `${what.name}.log`), 'utf8')
    .split('\n')
    .slice(-15)
    .join('\n');
  throw new Error(`${what.name} did not come up:\n${log}`);
}

interface Noted {
  file: string;
  pid: number;
  born: string;
}

/** Ends every server noted below the folder; within a service the last started first, as it needs the ones before. */
export async function stopAll(dir: string): Promise<void> {
  const noted = globSync('*/*.pid', { cwd: dir }).map((file): Noted => {
    const [pid, born = ''] = readFileSync(join(dir, file), 'utf8').trim().split(' ');
    return { file: join(dir, file), pid: Number(pid), born };
  });
  const services = Map.groupBy(noted, ({ file }) => dirname(file));
  await Promise.all(
    [...services.values()].map(async (servers) => {
      for (const server of servers.toSorted((one, other) => Number(other.born) - Number(one.born))) await stop(server);
    }),
  );
}

async function stop({ file, pid, born }: Noted): Promise<void> {
  const running = (): boolean => bornAt(pid) === born;
  // A number alone is not enough: the system gives it to another process once ours has ended.
  if (running()) {
    // SIGINT is PostgreSQL's "fast" stop, SIGTERM would wait for its clients; the others take both alike.
    process.kill(pid, 'SIGINT');
    for (let waited = 0; running() && waited < 5000; waited += 50) await delay(50);
    if (running()) process.kill(pid, 'SIGKILL');
  }
  rmSync(file, { force: true });
}

/** When a process started, in clock ticks since boot (proc(5), field 22 of stat); null when it is gone or a zombie. */
function bornAt(pid: number): string | null {
  try {
    // The name in field 2 may hold blanks and brackets, so the count begins behind its last bracket.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return fields[0] === 'Z' ? null : (fields[19] ?? null);
  } catch {
    return null;
  }
}

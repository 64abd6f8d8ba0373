// Services of its own for one suite, each behind a proxy that can fail, and a vault on them.
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { postgresServer, startPostgres } from '../../scripts/services/postgres.ts';
import { daemon, type Facts, freePort, stopAll } from '../../scripts/services/processes.ts';
import { redisServer, startRedis } from '../../scripts/services/redis.ts';
import { startS3 } from '../../scripts/services/s3.ts';
import { type Backing, serviceBacking } from '../support/backing.ts';
import { MAIN, startVault, type StartOptions, type Vault } from '../support/vault.ts';
import { FaultProxy } from './fault-proxy.ts';
import { Ledger, type Load, type Report, tableOf } from './ledger.ts';

/** Loaded into a process, it gives it another clock. */
export const FAKETIME = '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1';
const LOAD_BEFORE_MS = 1500;
const LOAD_AFTER_MS = 3000;

export interface StageOptions {
  s3?: boolean;
  env?: Record<string, string>;
  room?: number;
}

export class Stage {
  vault!: Vault;
  readonly reports = new Map<string, Report>();
  private port = 0;
  private pids: Record<'postgres' | 'redis', number> = { postgres: 0, redis: 0 };

  private constructor(
    readonly dir: string,
    readonly facts: Facts,
    readonly database: FaultProxy,
    readonly redis: FaultProxy,
    readonly objects: FaultProxy | null,
    readonly backing: Backing,
  ) {
    this.pids = { postgres: Number(facts['TEST_DATABASE_PID']), redis: Number(facts['TEST_REDIS_PID']) };
  }

  /** @param room a disk of its own of so many MB for PostgreSQL, in memory */
  static async open({ s3 = false, env = {}, room = 0 }: StageOptions = {}): Promise<Stage> {
    const dir = mkdtempSync(join(tmpdir(), 'vault-faults-'));
    chmodSync(dir, 0o755);
    if (room > 0) {
      mkdirSync(join(dir, 'postgres'));
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${room}m`, 'tmpfs', join(dir, 'postgres')]);
    }
    const started = await Promise.all([
      startPostgres(join(dir, 'postgres')),
      startRedis(join(dir, 'redis')),
      s3 ? startS3(join(dir, 's3')) : {},
    ]);
    const facts: Facts = Object.assign({}, ...started);
    const backing = await serviceBacking(facts);
    const database = await FaultProxy.before(backing.env['VAULT__DATABASE__URL']!);
    const redis = await FaultProxy.before(facts['TEST_REDIS_URL']!);
    const objects = s3 ? await FaultProxy.before(facts['TEST_S3_ENDPOINT']!) : null;
    Object.assign(backing.env, {
      VAULT__DATABASE__URL: database.url,
      VAULT__REDIS__URL: redis.url,
      ...(objects && { VAULT__STORAGE__S3__ENDPOINT: objects.url.replace(/\/$/, '') }),
      ...env,
    });
    const stage = new Stage(dir, facts, database, redis, objects, backing);
    stage.port = await freePort();
    try {
      await stage.start();
    } catch (error) {
      await stage.close();
      throw error;
    }
    return stage;
  }

  /** On the same port each time: clients that try again find the next one. */
  async start(options: Omit<StartOptions, 'on'> = {}): Promise<void> {
    const env = { VAULT__PORT: String(this.port), ...options.env };
    this.vault = await startVault({ ...options, env, on: this.backing });
  }

  /** Load, a fault in the middle of it, an end to the fault, more load; then everything is counted. */
  async under(
    name: string,
    fault: () => Promise<void>,
    heal: () => Promise<void> = async () => undefined,
    load: Load = {},
  ): Promise<Report> {
    const ledger = new Ledger(() => this.vault);
    ledger.start(load);
    try {
      await delay(LOAD_BEFORE_MS);
      await fault();
      await heal();
    } catch (error) {
      ledger.stop();
      throw error;
    }
    ledger.healed();
    await delay(LOAD_AFTER_MS);
    const report = await ledger.settle();
    this.reports.set(name, report);
    return report;
  }

  async stopService(service: 'postgres' | 'redis', signal: NodeJS.Signals): Promise<void> {
    process.kill(this.pids[service], signal);
    while (isAlive(this.pids[service])) await delay(20);
  }

  isRunning(service: 'postgres' | 'redis'): boolean {
    return isAlive(this.pids[service]);
  }

  /** Comes back when it answers. */
  async startService(service: 'postgres' | 'redis'): Promise<void> {
    const dir = join(this.dir, service);
    for (let tries = 0; ; tries += 1) {
      const child = daemon(service === 'postgres' ? postgresServer(dir) : redisServer(dir));
      this.pids[service] = child.pid;
      await delay(500);
      if (isAlive(child.pid)) return;
      // What a killed server has left behind is still going.
      if (tries > 20) throw new Error(`${service} does not start again`);
    }
  }

  /** SQL as the superuser of the vault's own database, past the proxy. */
  async sql<R = object>(text: string): Promise<R[]> {
    const url = new URL(this.facts['TEST_DATABASE_SUPERUSER_URL']!);
    url.pathname = new URL(this.backing.databaseUrl!).pathname;
    const client = new Client({ connectionString: url.href });
    await client.connect();
    try {
      return (await client.query(text)).rows as R[];
    } finally {
      await client.end();
    }
  }

  /** Runs a command to its end and gives what it said. @throws Error with that when it fails */
  async command(...args: string[]): Promise<string> {
    const env = { PATH: process.env['PATH'] ?? '', ...this.backing.env };
    // Not the one that waits for it: the proxies are in this process.
    const { stdout } = await promisify(execFile)(process.execPath, [MAIN, ...args], { env, encoding: 'utf8' });
    return stdout;
  }

  async close(): Promise<void> {
    if (this.reports.size > 0) process.stdout.write(`\n${tableOf(this.reports)}\n`);
    await this.vault?.stop('SIGKILL');
    await Promise.all([this.database.close(), this.redis.close(), this.objects?.close()]);
    await stopAll(this.dir);
    spawnSync('umount', ['-l', join(this.dir, 'postgres')]);
    rmSync(this.dir, { recursive: true, force: true });
    rmSync(this.backing.dataDir, { recursive: true, force: true });
  }
}

/** Also one that has ended and that nobody has asked about is gone. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Nothing lost, wrong or doubled, and it goes on afterwards. */
export const WHOLE = { lost: 0, wrong: 0, doubled: 0 };

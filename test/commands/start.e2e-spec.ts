// What a server does when it may not start, and how it stops.
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { backing, type Backing, onServices } from '../support/backing.ts';
import { untilSo } from '../support/held-timers.ts';
import { asSuperuser } from '../support/test-database.ts';
import { environment, type LogLine, MAIN, startVault } from '../support/vault.ts';

/** Starts a server that should refuse, and gives what it said. */
function refused(env: Record<string, string>): { status: number | null; log: LogLine[] } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, 'serve'], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    encoding: 'utf8',
    timeout: 30_000,
  });
  const log = `${stdout}${stderr}`
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as LogLine);
  return { status, log };
}

describe('a server that may not start', () => {
  let under: Backing;
  beforeAll(async () => {
    under = await backing();
  });
  afterAll(() => under.remove());

  it('names every wrong setting at once, with a suggestion for a misspelt one, and shows no value', () => {
    const { status, log } = refused({
      ...environment(under),
      VAULT__PORT: 'eighty',
      VAULT__STORAGE__BAKEND: 'hidden-value',
      VAULT__JWT_SECRET: 'too short for a secret',
    });
    expect(status).toBe(1);
    expect(log.map(({ setting }) => String(setting)).sort()).toEqual([
      'VAULT__JWT_SECRET',
      'VAULT__PORT',
      'VAULT__STORAGE__BAKEND',
    ]);
    expect(JSON.stringify(log)).toContain('VAULT__STORAGE__BACKEND');
    for (const value of ['eighty', 'hidden-value', 'too short']) expect(JSON.stringify(log)).not.toContain(value);
  });

  it('refuses PostgreSQL without a secret for its tokens and a root key', () => {
    const { log } = refused({ VAULT__DATABASE__URL: 'postgres://vault@127.0.0.1:1/vault' });
    expect(log.map(({ setting }) => setting)).toContain('VAULT__JWT_SECRET');
  });

  it('says that the database does not answer', () => {
    const { status, log } = refused({
      ...environment(under),
      VAULT__DATABASE__URL: 'postgres://vault:secret-word@127.0.0.1:1/vault',
      VAULT__JWT_SECRET: 'x1'.repeat(16),
      VAULT__ENCRYPTION__MASTER_KEY: randomBytes(32).toString('hex'),
    });
    expect([status, log.at(-1)?.['error']]).toEqual([1, 'DATABASE_UNAVAILABLE']);
    expect(JSON.stringify(log)).not.toContain('secret-word');
  });

  it('refuses a root key other than the one the vault was sealed with, by its id, and touches nothing', async () => {
    const vault = await startVault({ on: under });
    const dataset = await vault.newDataset();
    await vault.importLines(dataset, '{"a":1}\n');
    await vault.stop();
    const { status, log } = refused({
      ...environment(under),
      VAULT__ENCRYPTION__MASTER_KEY: randomBytes(32).toString('base64'),
    });
    expect([status, log.at(-1)?.['error']]).toEqual([1, 'WRONG_ROOT_KEY']);
    expect(log.at(-1)?.['reason']).toMatch(/rk_[0-9a-f]{16}/);
    const again = await startVault({ on: under });
    expect((await again.get(`/datasets/${dataset}/export`)).text).toBe('{"a":1}\n');
    await again.stop();
  });

  it('does not migrate PostgreSQL by itself, waits for what it needs, and tells of what can wait', async () => {
    if (!onServices) return expect(readFileSync('README.md', 'utf8')).toContain('migrate');
    const fresh = await backing();
    const undo = (): void => {
      const env = { PATH: process.env['PATH'] ?? '', ...fresh.env };
      expect(spawnSync(process.execPath, [MAIN, 'migrate', 'down'], { env }).status).toBe(0);
    };
    // This one makes indexes: without them a server is slower, and goes on.
    const forget = `DELETE FROM schema_migrations WHERE name LIKE 'IndexChangesApart%'`;
    await asSuperuser((client) => client.query(forget), new URL(fresh.databaseUrl!).pathname.slice(1));
    const vault = await startVault({ on: fresh });
    const { body } = await vault.get<{ status: string; components: { migrations: object } }>('/health/detailed');
    expect(body).toMatchObject({ status: 'degraded', components: { migrations: { pending: 1 } } });
    expect((await vault.get('/health/ready')).status).toBe(200);
    await vault.stop('SIGKILL');
    undo();
    const { status, log } = refused(environment(fresh));
    expect([status, log.at(-1)?.['error']]).toEqual([1, 'SCHEMA_BEHIND']);
    expect(log.at(-1)?.['reason']).toContain('vault-server migrate');
    await fresh.remove();
  });
});

describe('vault-server migrate', () => {
  it('tells what is applied and pending, and does nothing the second time', async () => {
    const under = await backing();
    const run = (...args: string[]): { status: number | null; report: Record<string, string[]> } => {
      const { status, stdout } = spawnSync(process.execPath, [MAIN, 'migrate', ...args, '--json'], {
        env: { PATH: process.env['PATH'] ?? '', ...under.env },
        encoding: 'utf8',
      });
      return { status, report: JSON.parse(stdout) as Record<string, string[]> };
    };
    const before = run('status');
    const up = run('up');
    expect([before.status, before.report['pending'], up.report['done']]).toEqual([0, [], []]);
    const down = run('down');
    expect(down.report['undone']).toHaveLength(1);
    expect(run('status').report['pending']).toEqual(down.report['undone']);
    expect(run('up').report['done']).toEqual(down.report['undone']);
    await under.remove();
  });
});

describe('a server that is told to stop', () => {
  it('finishes what is under way and ends with 0', async () => {
    const vault = await startVault();
    const dataset = await vault.newDataset();
    let finishUpload: () => void = () => undefined;
    const upload = new ReadableStream({
      start(stream) {
        stream.enqueue(Buffer.from('{"a":1}\n'.repeat(20_000)));
        finishUpload = () => {
          stream.enqueue(Buffer.from('{"last":true}\n'));
          stream.close();
        };
      },
    });
    const under = vault.importLines<{ records: number }>(dataset, upload);
    const active = async (): Promise<string> => (await fetch(vault.metricsUrl)).text();
    await untilSo(async () => /^http_requests_active 1$/m.test(await active()));
    const ended = vault.stop('SIGTERM');
    await delay(300);
    finishUpload();
    expect((await under).body.records).toBe(20_001);
    expect(await ended).toBe(0);
    expect(vault.log.at(-1)?.msg).toBe('stopped');
    expect(vault.noise).toEqual([]);
    await vault.backing.remove();
  });

  it('reads secrets from files', async () => {
    const under = await backing();
    const file = join(under.dataDir, 'mounted-secret');
    const secret = randomBytes(32).toString('hex');
    writeFileSync(file, `${secret}\n`);
    const { VAULT__JWT_SECRET: _, ...env } = under.env;
    const vault = await startVault({ on: { ...under, env }, env: { VAULT__JWT_SECRET_FILE: file } });
    expect((await vault.get('/auth/me')).status).toBe(200);
    expect(JSON.stringify(vault.log)).not.toContain(secret);
    await vault.remove();
  });
});

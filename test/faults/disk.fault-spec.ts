// A disk that is full, on the built-in database and file storage: nothing torn, reads go on, and it is well again.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startVault, type Vault } from '../support/vault.ts';
import { Stage, WHOLE } from './stage.ts';

const LINES = `${JSON.stringify({ text: 'a line of a file that was in time' })}\n`.repeat(50);

describe('a full disk (F42)', () => {
  const dir = mkdtempSync(join(tmpdir(), 'vault-full-'));
  let vault: Vault;
  beforeAll(async () => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', dir]);
    const backing = {
      env: { VAULT__STORAGE__FILESYSTEM__PATH: join(dir, 'objects') },
      dataDir: mkdtempSync(join(tmpdir(), 'vault-data-')),
      databaseUrl: null,
      remove: async () => undefined,
    };
    Object.assign(backing.env, { VAULT__DATA_DIR: backing.dataDir });
    mkdirSync(join(dir, 'objects'));
    vault = await startVault({ on: backing });
  });
  afterAll(async () => {
    await vault?.stop();
    execFileSync('umount', ['-l', dir]);
    rmSync(dir, { recursive: true, force: true });
  });

  it('refuses what does not fit, keeps what was there, and goes on once there is room', async () => {
    const dataset = await vault.newDataset();
    await vault.importLines(dataset, LINES);
    const ballast = join(dir, 'ballast');
    try {
      writeFileSync(ballast, Buffer.alloc(24 * 1024 * 1024));
    } catch {
      // As much as there was room for is there.
    }
    const refused = await vault.importLines<{ code: string }>(dataset, LINES);
    expect(refused.status).toBeGreaterThanOrEqual(500);
    expect(refused.body.code).toMatch(/STORAGE/);
    expect((await vault.get(`/datasets/${dataset}/export`)).text).toBe(LINES);
    expect((await vault.get('/health/live')).status).toBe(200);

    rmSync(ballast);
    expect((await vault.importLines(dataset, LINES)).status).toBe(201);
    expect((await vault.get(`/datasets/${dataset}/export`)).text).toBe(LINES + LINES);
    // What was being written when there was no room any more is gone.
    const left = readdirSync(join(dir, 'objects'), { recursive: true }).map(String);
    expect(left.filter((name) => name.startsWith('tmp/'))).toEqual([]);
  });
});

describe('a full disk under PostgreSQL (F23)', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open({ room: 300 });
  });
  afterAll(() => stage.close());

  it('loses nothing that was acknowledged, and once there is room it is well again', async () => {
    const ballast = join(stage.dir, 'postgres', 'ballast');
    const report = await stage.under(
      'no room for the log of PostgreSQL (F23)',
      async () => {
        spawnSync('dd', ['if=/dev/zero', `of=${ballast}`, 'bs=1M', 'count=300'], { stdio: 'ignore' });
        // What is left of the segment of the log that is being written is soon used up.
        await delay(15_000);
        expect((await stage.vault.get('/health/live')).status).toBe(200);
      },
      async () => {
        rmSync(ballast);
        // Without room for its log PostgreSQL stops itself, and is started again as its supervisor would.
        if (!stage.isRunning('postgres')) await stage.startService('postgres');
        await stage.vault.until('/health/ready', ({ status }) => status === 200, 60);
      },
    );
    expect(report).toMatchObject(WHOLE);
    expect(report.failed).toBeGreaterThan(0);
    await stage.command('audit', 'verify');
  });
});

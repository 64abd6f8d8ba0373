// The version before, built from the history of this repository, and this one on the same database, side by side.
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { startVault, type Vault } from '../support/vault.ts';
import { Stage, WHOLE } from './stage.ts';

const TOGETHER_MS = Number(process.env['TOGETHER_MS'] ?? 20_000);
const LINE = '{"text":"mail jane@example.org"}\n';

/** The last commit before the newest migration; null where the history does not go back so far. */
function versionBefore(): string | null {
  const newest = globSync('libs/database/src/migrations/[0-9]*.ts')
    .filter((file) => !file.endsWith('.spec.ts'))
    .sort()
    .at(-1)!;
  const log = spawnSync('git', ['log', '--diff-filter=A', '--format=%H', '--', newest], { encoding: 'utf8' });
  const before = spawnSync('git', ['rev-parse', '--verify', `${log.stdout?.trim()}^`], { encoding: 'utf8' });
  return before.status === 0 ? before.stdout.trim() : null;
}

/** Builds it with the packages that are here, and gives its program. */
function build(commit: string, dir: string): string {
  const tar = execFileSync(
    'git',
    ['archive', commit, 'apps', 'libs', 'docs/errors.md', 'package.json', 'tsconfig.json', 'tsconfig.build.json'],
    {
      maxBuffer: 256 << 20,
    },
  );
  execFileSync('tar', ['-x', '-C', dir], { input: tar });
  symlinkSync(resolve('node_modules'), join(dir, 'node_modules'));
  execFileSync(process.execPath, [resolve('node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'], {
    cwd: dir,
  });
  return join(dir, 'dist/apps/vault-server/src/main.js');
}

const before = versionBefore();

(before ? describe : describe.skip)('the version before and this one, side by side (F55)', () => {
  let stage: Stage;
  let dir: string;
  let main: string;
  let fresh: Vault | undefined;
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'vault-before-'));
    main = build(before!, dir);
    stage = await Stage.open();
    await stage.vault.stop();
    // The database as the version before leaves it.
    await stage.sql('DROP SCHEMA public CASCADE; DROP SCHEMA IF EXISTS pgboss CASCADE; CREATE SCHEMA public');
    await stage.sql(`GRANT ALL ON SCHEMA public TO ${new URL(stage.backing.databaseUrl!).username}`);
    const env = { PATH: process.env['PATH'] ?? '', ...stage.backing.env };
    // Not by `execFileSync`: the proxies of the stage are in this process.
    await promisify(execFile)(process.execPath, [main, 'migrate'], { env });
    await stage.start({ main });
  }, 240_000);
  afterAll(async () => {
    await fresh?.stop('SIGKILL');
    await stage.close();
    rmSync(dir, { recursive: true });
  });

  const stored = async (vault: Vault): Promise<string> => {
    const dataset = await vault.newDataset();
    expect((await vault.importLines(dataset, LINE)).status).toBe(201);
    return dataset;
  };
  const exported = async (vault: Vault, dataset: string): Promise<string> =>
    (await vault.get(`/datasets/${dataset}/export`)).text;

  it('fail no request while the database is migrated, read what the other wrote, and the old one can come back', async () => {
    const old = stage.vault;
    const early = await stored(old);
    const report = await stage.under('two versions (F55)', async () => {
      await stage.command('migrate');
      fresh = await startVault({ on: stage.backing, env: { VAULT__PORT: '0' } });
      const [byOld, byNew] = [await stored(old), await stored(fresh)];
      for (const vault of [old, fresh]) {
        for (const dataset of [early, byOld, byNew]) expect(await exported(vault, dataset)).toBe(LINE);
      }
      // The load takes turns between them, as behind a balancer.
      for (const end = performance.now() + TOGETHER_MS; performance.now() < end; await delay(20)) {
        stage.vault = stage.vault === old ? fresh : old;
      }
      stage.vault = fresh;
    });
    expect(report).toMatchObject({ ...WHOLE, failed: 0 });

    const late = await stored(fresh!);
    await Promise.all([old.stop(), fresh!.stop()]);
    await stage.start({ main });
    expect(await exported(stage.vault, late)).toBe(LINE);
    const back = await stage.under('the version before, back again (F55)', async () => undefined);
    expect(back).toMatchObject({ ...WHOLE, failed: 0 });
    await stage.command('audit', 'verify');
  }, 300_000);
});

// The commands of an operator: what they look at, what they find, and how they end.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { databaseConfig, openDatabase } from '#database';
import { SilentLog } from '#kernel';
import type { BlobStore } from '#storage';
import { backing, type Backing, onServices } from '../support/backing.ts';
import { emptyPlace } from '../support/test-database.ts';
import { blobsOf, command, commandMeanwhile, type Ran } from '../support/commands.ts';
import { environment, MAIN, startVault, type Vault } from '../support/vault.ts';

interface Verified {
  ok: boolean;
  segments: number;
  objects: number;
  records: number;
  commits: number;
  damage: { kind: string; id: string }[];
  orphans: string[];
}
interface Examined {
  ok: boolean;
  findings: { topic: string; level: string; says: string; run?: string }[];
}
interface Census {
  current: string;
  root_keys: { id: string; here: boolean; current: boolean; tenant_keys: number; signing_keys: number }[];
  tenants: { current_version: number; versions: { version: number; segments: number }[] }[];
}

const COMPILED = 'dist/apps/vault-server/src/commands';

/** The help of each command, out of one process: to start one for each takes longer than all the rest. */
function helpOfAll(): Record<string, string> {
  const programs = {
    backup: 'addBackupCommands',
    diagnosis: 'addDiagnosisCommands',
    integrity: 'addIntegrityCommands',
    maintenance: 'addMaintenanceCommand',
  };
  const lines = Object.entries(programs).map(
    ([file, add]) =>
      `import { ${add} } from ${JSON.stringify(pathToFileURL(resolve(COMPILED, `${file}.program.js`)).href)}; ${add}(program);`,
  );
  const script = `import 'reflect-metadata'; import { Command } from 'commander'; const program = new Command('vault-server');
    ${lines.join('\n')}
    const help = {};
    const visit = (command) => {
      command.commands.forEach(visit);
      if (command.commands.length > 0) return;
      command.configureOutput({ writeOut: (text) => { help[command.name()] = (help[command.name()] ?? '') + text; } });
      command.outputHelp();
    };
    visit(program);
    console.log(JSON.stringify(help));`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  return JSON.parse(stdout) as Record<string, string>;
}

describe('the commands on a vault that has stopped', () => {
  let under: Backing;
  let blobs: BlobStore;
  let exported: string;
  let dataset: string;
  let document: object;
  const run = <J = Record<string, unknown>>(...args: string[]): Ran<J> => command<J>(under, args);
  const segments = async (): Promise<string[]> => {
    const ids: string[] = [];
    for await (const { key } of blobs.list('')) ids.push(key);
    return ids;
  };

  beforeAll(async () => {
    const vault = await startVault();
    under = vault.backing;
    dataset = await vault.newDataset();
    const lines = (from: number): string =>
      Array.from({ length: 3000 }, (_, i) => `{"n":${from + i},"text":"mail ann${i}@example.org"}\n`).join('');
    await vault.importLines(dataset, lines(0));
    await vault.importLines(dataset, lines(3000));
    const { body: first } = await vault.get<{ items: { id: string }[] }>(`/datasets/${dataset}/records?limit=2`);
    const [removed, replaced] = first.items.map(({ id }) => `/datasets/${dataset}/records/${id}`);
    expect((await vault.ask('DELETE', removed!)).status).toBe(204);
    expect((await vault.ask('PUT', replaced!, { body: { content: { n: 'replaced' } } })).status).toBe(200);
    exported = (await vault.get(`/datasets/${dataset}/export`)).text;
    document = (await vault.get('/docs-json')).body;
    await vault.stop();
    blobs = await blobsOf(under);
  });
  afterAll(() => under.remove());

  it('version and openapi need neither settings nor a database', () => {
    expect(command<{ version: string }>(null, ['version', '--json']).json.version).toMatch(/^\d+\.\d+\.\d+/);
    const printed = command(null, ['openapi'], { VAULT__DATABASE__URL: 'postgres://nobody@127.0.0.1:1/none' });
    expect([printed.status, printed.json]).toEqual([0, document]);
  });

  it('every command has --json, and help with an example and what its exit codes mean', () => {
    for (const [name, help] of Object.entries(helpOfAll())) {
      expect([name, help]).toEqual([
        name,
        expect.stringMatching(/--json[^]*Example:\n {2}vault-server[^]*Exit codes?: 0/),
      ]);
    }
  });

  it('RB-X6: check says whether a part answers, and ends with 1 where it does not', () => {
    expect(run('check', 'db').status).toBe(0);
    const away = command<{ ok: boolean; says: string }>(under, ['check', 'db', '--json'], {
      VAULT__DATABASE__URL: 'postgres://vault:a-secret-word@127.0.0.1:1/vault',
      VAULT__JWT_SECRET: 'x1'.repeat(16),
      VAULT__ENCRYPTION__MASTER_KEY: randomBytes(32).toString('hex'),
    });
    expect([away.status, away.json.ok]).toEqual([1, false]);
    expect(away.stdout).toContain('ECONNREFUSED');
    expect(away.stdout).not.toContain('a-secret-word');
  });

  it('T11 and RB-C2: doctor says what is wrong and what to run', () => {
    const healthy = run<Examined>('doctor', '--json');
    expect([healthy.status, healthy.json.findings.filter(({ level }) => level === 'wrong')]).toEqual([0, []]);
    const topics = new Set(healthy.json.findings.map(({ topic }) => topic));
    expect([...topics]).toEqual(['config', 'db', 'migrations', 'redis', 'storage', 'kms', 'clock']);
    const said = command<Examined>(under, ['doctor', 'config', '--json'], { VAULT__PORT: 'eighty' });
    expect([said.status, said.json.findings[0]]).toEqual([
      1,
      {
        topic: 'config',
        level: 'wrong',
        says: expect.stringContaining('VAULT__PORT') as string,
        run: expect.any(String) as string,
      },
    ]);
    expect(said.stdout).not.toContain('eighty');
    const other = randomBytes(32).toString('hex');
    const wrongKey = command<Examined>(under, ['doctor', 'kms', '--json'], { VAULT__ENCRYPTION__MASTER_KEY: other });
    expect([wrongKey.status, wrongKey.json.findings.at(-1)]).toMatchObject([
      1,
      { level: 'wrong', says: expect.stringContaining('rk_'), run: expect.stringContaining('put back') },
    ]);
    if (!onServices) return;
    const set = command(under, ['config', 'show', '--json'], { VAULT__DATABASE__MAX_CONNECTIONS: '30' });
    expect(set.stdout).toContain('"name":"VAULT__DATABASE__MAX_CONNECTIONS","value":"30"');
    const many = run<Examined>('doctor', 'db', '--replicas', '1000', '--json');
    expect([many.status, many.json.findings.find(({ level }) => level === 'wrong')?.run]).toEqual([
      1,
      expect.stringMatching(/MAX_CONNECTIONS=\d+/),
    ]);
  });

  it('F64, RB-S2 and RB-S3: verify names an object that is missing, and it is put back by storage restore or a copy', async () => {
    const [id] = await segments();
    const bytes = Buffer.from(await blobs.get(id!));
    const file = join(under.dataDir, 'kept-object');
    writeFileSync(file, bytes);
    expect(run('storage', 'inspect', file, '--json').json).toMatchObject({ is_segment: true, bytes: bytes.length });

    await blobs.delete(id!);
    const missing = run<Verified>('verify', '--json');
    expect([missing.status, missing.json.damage]).toMatchObject([1, [{ kind: 'object-missing', id }]]);
    const altered = Buffer.from(bytes);
    altered[altered.length - 20]! ^= 1;
    writeFileSync(`${file}.altered`, altered);
    expect(run('storage', 'restore', '--key', `data/${id}`, '--from', `${file}.altered`).status).toBe(1);
    await blobs.put(id!, altered);

    const restored = run<{ restored: boolean }>('storage', 'restore', '--key', `data/${id}`, '--from', file, '--json');
    expect([restored.status, restored.json.restored]).toEqual([0, true]);
    expect(run<{ opens: boolean }>('storage', 'inspect', '--key', id!, '--json').json.opens).toBe(true);

    // As a copy between buckets does it: an object has one content for ever, so the bytes are all there is to bring.
    await blobs.delete(id!);
    await blobs.put(id!, bytes);
    expect(run<Verified>('verify', '--deep', '--json').json.damage).toEqual([]);
  });

  it('RB-S2: an object that was overwritten in a bucket that keeps versions is put back by its version', async () => {
    if (!onServices) return expect(run('storage', 'restore', '--key', `data/${(await segments())[0]}`).status).toBe(1);
    const [id] = await segments();
    const { VAULT__STORAGE__S3__ENDPOINT: endpoint, VAULT__STORAGE__S3__PREFIX: prefix } = under.env;
    const Bucket = `versions-${randomBytes(6).toString('hex')}`;
    const client = new S3Client({
      endpoint,
      region: 'us-east-1',
      forcePathStyle: true,
      requestChecksumCalculation: 'WHEN_REQUIRED',
    });
    await client.send(new CreateBucketCommand({ Bucket }));
    await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
    const Key = `${prefix}${id}`;
    const put = async (Body: Uint8Array): Promise<string> =>
      (await client.send(new PutObjectCommand({ Bucket, Key, Body }))).VersionId!;
    const bytes = Buffer.from(await blobs.get(id!));
    const good = await put(bytes);
    const altered = Buffer.from(bytes);
    altered[altered.length - 20]! ^= 1;
    const bad = await put(altered);
    const env = { VAULT__STORAGE__S3__BUCKET: Bucket };
    const restore = (version: string): Ran<{ restored: boolean }> =>
      command(under, ['storage', 'restore', '--key', `data/${id}`, '--version-id', version, '--json'], env);
    const there = async (): Promise<Buffer> => {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
      return Buffer.from(await Body!.transformToByteArray());
    };

    expect([restore(bad).status, (await there()).equals(altered)]).toEqual([1, true]);
    expect(restore('no-such-version').status).toBe(1);
    expect(restore(good).json.restored).toBe(true);
    expect((await there()).equals(bytes)).toBe(true);
    // Also out of one that was deleted, of which the versions are left.
    await client.send(new DeleteObjectCommand({ Bucket, Key }));
    expect([restore(good).json.restored, (await there()).equals(bytes)]).toEqual([true, true]);
    expect(restore(good).json.restored).toBe(false);
    client.destroy();
  });

  it('F31: keys are rotated and rewrapped, and every record opens as before', async () => {
    const tenant = run<{ segments: number }>('keys', 'rotate', 'tenant', '--json');
    expect([tenant.status, tenant.json.segments]).toEqual([0, (await segments()).length]);
    const root = run('keys', 'rotate', 'root', '--json');
    if (onServices) expect([root.status, root.stderr]).toEqual([1, expect.stringContaining('keys rewrap')]);
    else expect([root.status, root.json]).toMatchObject([0, { tenant_keys: 2, signing_keys: 1 }]);
    const { root_keys: keys, tenants } = run<Census>('keys', 'census', '--json').json;
    expect(keys.filter(({ current }) => current)).toMatchObject([{ tenant_keys: 2, signing_keys: 1 }]);
    expect(tenants[0]!.versions.map(({ version, segments: held }) => [version, held > 0])).toEqual([
      [1, false],
      [2, true],
    ]);
    expect(run<Verified>('verify', '--deep', '--json').json).toMatchObject({ ok: true, records: 6001 });
    const vault = await startVault({ on: under });
    expect((await vault.get(`/datasets/${dataset}/export`)).text).toBe(exported);
    await vault.stop();
  });
});

describe('migrate', () => {
  it('T16: prints its own version, and ends with 3 when the database is newer', async () => {
    const under = await backing();
    const config = databaseConfig.parse(under.databaseUrl ? { url: under.databaseUrl } : {});
    const opened = await openDatabase(config, under.dataDir, [], new SilentLog());
    await opened.statement(`INSERT INTO schema_migrations (timestamp, name) VALUES (2764000000001, 'FromTheFuture')`);
    await opened.close();
    const { status, json } = command<{ version: string; unknown: string[] }>(under, ['migrate', 'status', '--json']);
    expect([status, json]).toMatchObject([3, { version: expect.stringMatching(/^\d/), unknown: ['FromTheFuture'] }]);
    await under.remove();
  });

  it('started five times at once on an empty database, migrates once, and all five end well', async () => {
    if (!onServices) return;
    const empty = await emptyPlace('postgres-owner');
    const env = {
      VAULT__DATABASE__URL: empty.config.url!,
      VAULT__JWT_SECRET: randomBytes(32).toString('hex'),
      VAULT__ENCRYPTION__MASTER_KEY: randomBytes(32).toString('hex'),
    };
    const five = await Promise.all(
      Array.from({ length: 5 }, () =>
        commandMeanwhile<{ done: string[]; applied: string[] }>(null, ['migrate', '--json'], env),
      ),
    );
    expect(five.map(({ status, stderr }) => [status, stderr])).toEqual(Array.from({ length: 5 }, () => [0, '']));
    const [most, ...others] = five.map(({ json }) => json.done.length).sort((one, other) => other - one);
    expect([most, ...others]).toEqual([five[0]!.json.applied.length, 0, 0, 0, 0]);
    await empty.remove();
  });
});

describe('a worker', () => {
  let under: Backing;
  let vault: Vault | undefined;
  let worker: ChildProcess;
  let url: string;
  beforeAll(async () => {
    under = await backing();
    // The built-in database takes one program at a time, and so a worker is of no use beside it.
    if (onServices) vault = await startVault({ on: under, env: { VAULT__JOBS__IN_SERVER: 'false' } });
    worker = spawn(process.execPath, [MAIN, 'worker'], {
      env: environment(under),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    url = await new Promise((resolve, reject) => {
      worker.once('exit', (code) => reject(new Error(`the worker ended with ${code}`)));
      createInterface({ input: worker.stdout! }).on('line', (line) => {
        const { msg, url: at } = JSON.parse(line) as { msg: string; url: string };
        if (msg === 'the worker is ready') resolve(at);
      });
    });
  });
  afterAll(async () => {
    const ended = new Promise((resolve) => worker.once('exit', resolve));
    worker.kill('SIGTERM');
    await ended;
    await vault?.stop();
    await under.remove();
  });

  it('answers health checks and nothing else', async () => {
    const status = async (path: string): Promise<number> => (await fetch(`${url}${path}`)).status;
    expect([await status('/health/ready'), await status('/health/live'), await status('/health')]).toEqual([
      200, 200, 200,
    ]);
    for (const path of ['/api/v1/datasets', '/api/v1/auth/me', '/docs', '/docs-json', '/healthy'])
      expect([path, await status(path)]).toEqual([path, 404]);
  });

  it('does the jobs that servers leave to it', async () => {
    if (!vault) return;
    const dataset = await vault.newDataset();
    await vault.importLines(dataset, '{"text":"mail ann@example.org"}\n');
    const job = await vault.post<{ job_id: string }>(`/datasets/${dataset}/anonymize`, { name: 'by a worker' });
    expect(job.status).toBe(202);
    await vault.until<{ status: string }>(`/jobs/${job.body.job_id}`, ({ body }) => body.status === 'completed');
    expect(vault.log.some(({ msg }) => msg === 'job completed')).toBe(false);
  });
});

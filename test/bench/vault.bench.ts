// The running server against bare parts of the same machine in the same run.
//   npm run bench -- vault [--size 256MB]          on the built-in database; on PostgreSQL and S3 where TEST_… name them
import { createCipheriv, randomBytes } from 'node:crypto';
import { createReadStream, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';
import Fastify from 'fastify';
import { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { startVault } from '../support/vault.ts';
import { onServices } from '../support/backing.ts';
import { bestRate, forgetPeak, peakRss, percentile, print, printHead } from './measure.ts';

const MB = 1e6;
const { values } = parseArgs({ options: { size: { type: 'string', default: '256MB' } }, allowPositionals: true });
const folder = mkdtempSync(join(tmpdir(), 'vault-bench-'));
const sample = join(folder, 'sample.jsonl');
spawnSync(process.execPath, ['scripts/sample-data.ts', '--size', values.size, '--out', sample], { stdio: 'inherit' });
const bytes = statSync(sample).size;

const beforeStart = performance.now();
const vault = await startVault();
const startSeconds = (performance.now() - beforeStart) / 1000;
try {
  printHead(`vault on ${onServices ? 'PostgreSQL, Redis and S3' : 'the built-in database and files'}`);
  print({ name: 'first start', value: startSeconds, unit: 's', peakMb: peakRss(vault.child.pid!) });
  const dataset = await vault.newDataset();
  const records = await importing(dataset);
  await exporting(dataset);
  await reading(dataset);
  await http(records);
} finally {
  await vault.remove();
  rmSync(folder, { recursive: true });
}

async function importing(dataset: string): Promise<number> {
  forgetPeak(vault.child.pid!);
  const started = performance.now();
  const { body, status, text } = await vault.importLines<{ records: number }>(
    dataset,
    Readable.toWeb(createReadStream(sample)) as ReadableStream,
  );
  const seconds = (performance.now() - started) / 1000;
  if (status !== 201) throw new Error(text);
  const speed = bytes / MB / seconds;
  const peakMb = peakRss(vault.child.pid!);
  print({
    name: 'import, with the PII scan',
    value: speed,
    unit: 'MB/s',
    peakMb,
    baseline: { name: 'JSON.parse', value: jsonParse() },
  });
  print({ name: '  the same', value: speed, unit: 'MB/s', baseline: { name: 'AES-256-GCM, 64 KiB', value: aesGcm() } });
  const rows = body.records / seconds;
  const copy = await rawCopy();
  print({
    name: '  the same in records',
    value: rows,
    unit: 'records/s',
    ...(copy ? { baseline: { name: 'raw COPY', value: copy } } : {}),
  });
  return body.records;
}

async function exporting(dataset: string): Promise<void> {
  forgetPeak(vault.child.pid!);
  const started = performance.now();
  const response = await fetch(`${vault.url}/api/v1/datasets/${dataset}/export`, {
    headers: { authorization: `Bearer ${vault.token}` },
  });
  let size = 0;
  for await (const chunk of response.body!) size += chunk.length;
  const speed = size / MB / ((performance.now() - started) / 1000);
  print({
    name: 'export',
    value: speed,
    unit: 'MB/s',
    peakMb: peakRss(vault.child.pid!),
    baseline: { name: 'loopback HTTP', value: await loopback() },
  });
}

async function reading(dataset: string): Promise<void> {
  const { body } = await vault.get<{ items: { id: string }[] }>(`/datasets/${dataset}/records?limit=100`);
  const times: number[] = [];
  const started = performance.now();
  for (let i = 0; i < 1000; i += 1) {
    const before = performance.now();
    await vault.get(`/datasets/${dataset}/records/${body.items[i % 100]!.id}`);
    times.push(performance.now() - before);
  }
  const value = 1000 / ((performance.now() - started) / 1000);
  print({
    name: 'read one record, one client',
    value,
    unit: 'req/s',
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
  });
}

/** The same client against the same answer from a server that does nothing else. */
async function http(records: number): Promise<void> {
  const bare = Fastify();
  bare.get('/health/live', () => ({ status: 'ok' }));
  const address = await bare.listen({ port: 0, host: '127.0.0.1' });
  const bareRate = (await cannon(`${address}/health/live`)).requests.average;
  await bare.close();
  for (const [name, path] of [
    ['GET /health/live', '/health/live'],
    ['GET /auth/me, signed in', '/api/v1/auth/me'],
  ] as const) {
    const { requests, latency } = await cannon(`${vault.url}${path}`);
    print({
      name,
      value: requests.average,
      unit: 'req/s',
      p50: latency.p50,
      p99: latency.p99,
      baseline: { name: 'bare Fastify', value: bareRate },
    });
  }
  if (records === 0) throw new Error('nothing was imported');
}

function cannon(url: string): Promise<autocannon.Result> {
  return autocannon({ url, connections: 32, duration: 5, headers: { authorization: `Bearer ${vault.token}` } });
}

function jsonParse(): number {
  const lines = readFileSync(sample, 'utf8')
    .slice(0, 32 * MB)
    .split('\n')
    .slice(0, -1)
    .filter((line) => line.endsWith('}'));
  const size = lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);
  const parse = (): void => {
    for (const line of lines) {
      try {
        JSON.parse(line);
      } catch {
        // One line in ten thousand is wrong on purpose.
      }
    }
  };
  return bestRate(size / MB, parse);
}

function aesGcm(): number {
  const block = randomBytes(64 * 1024);
  const key = randomBytes(32);
  return bestRate(block.length / MB, () => {
    const cipher = createCipheriv('aes-256-gcm', key, randomBytes(12), { authTagLength: 16 });
    cipher.update(block);
    cipher.final();
  });
}

/** Rows as wide as those of a record, straight into a table without keys or policies. */
async function rawCopy(): Promise<number | null> {
  if (!vault.backing.databaseUrl) return null;
  const client = new Client({ connectionString: vault.backing.databaseUrl });
  await client.connect();
  await client.query(
    'CREATE TEMP TABLE bare (a uuid, b uuid, c uuid, d uuid, e bigint, f uuid, g int, h int, i int, j smallint, k bytea)',
  );
  const id = '01890000-0000-7000-8000-000000000000';
  const row = `${id}\t${id}\t${id}\t${id}\t1\t${id}\t1\t1\t500\t1\t\\\\x${'ab'.repeat(32)}\n`;
  const rows = 200_000;
  const started = performance.now();
  const batch = row.repeat(1000);
  await pipeline(
    Readable.from(Array.from({ length: rows / 1000 }, () => batch)),
    client.query(copyFrom('COPY bare FROM STDIN')),
  );
  const rate = rows / ((performance.now() - started) / 1000);
  await client.end();
  return rate;
}

/** What moving the same bytes over loopback HTTP costs, with nothing behind it. */
async function loopback(): Promise<number> {
  const server = createServer((_request, response) => void createReadStream(sample).pipe(response));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as { port: number };
  const started = performance.now();
  const response = await fetch(`http://127.0.0.1:${port}`);
  let size = 0;
  for await (const chunk of response.body!) size += chunk.length;
  const speed = size / MB / ((performance.now() - started) / 1000);
  server.close();
  return speed;
}

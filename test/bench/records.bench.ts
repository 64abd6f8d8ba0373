// Single writes by many clients at once: how many are acknowledged, and how long each waits.
//   npm run bench -- records          on the built-in database; on PostgreSQL and S3 where TEST_… name them
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import autocannon from 'autocannon';
import { startVault } from '../support/vault.ts';
import { onServices } from '../support/backing.ts';
import { cpuSeconds, peakRss, percentile, print, printHead } from './measure.ts';

const CLIENTS = 64;
const SECONDS = 10;
const BATCH = 1000;
const BATCHED = 100_000;

const env = {
  VAULT__RATE_LIMIT_RPS: '100000',
  VAULT__RATE_LIMIT_BURST: '100000',
  // Files instead of S3 for the objects: the local stand-in for S3 is what would be measured otherwise.
  ...(process.env['BENCH_FILES'] && { VAULT__STORAGE__BACKEND: 'filesystem' }),
};
const vault = await startVault({ env });
try {
  printHead(`records on ${onServices ? 'PostgreSQL' : 'the built-in database'}, ${CLIENTS} clients`);
  const dataset = await vault.newDataset();
  const record = { content: conversation(), labels: ['bench'], metadata: { rating: 4 } };
  const me = await costOf(() => cannon(`${vault.url}/api/v1/auth/me`, 'GET'));
  print({ name: 'GET /auth/me', ...me });
  const bare = await bareInserts(record);
  const baseline = bare ? { name: 'bare Fastify and INSERT', value: bare } : { name: 'GET /auth/me', value: me.value };
  const path = `${vault.url}/api/v1/datasets/${dataset}/records`;
  await cannon(path, 'POST', record, 3);
  const made = await costOf(() => cannon(path, 'POST', record));
  print({ name: 'create', ...made, peakMb: peakRss(vault.child.pid!), baseline });
  await batches(record);

  const { body } = await vault.get<{ items: { id: string }[] }>(`/datasets/${dataset}/records?limit=100`);
  const times: number[] = [];
  const started = performance.now();
  await Promise.all(
    body.items.slice(0, CLIENTS).map(async ({ id }) => {
      for (let n = 0; n < 20; n += 1) {
        const before = performance.now();
        await vault.ask('PATCH', `/datasets/${dataset}/records/${id}`, { body: { content: { n } } });
        times.push(performance.now() - before);
      }
    }),
  );
  const value = times.length / ((performance.now() - started) / 1000);
  print({
    name: 'patch, each client its own record',
    value,
    unit: 'records/s',
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
  });
} finally {
  await vault.remove();
}

/** About half a kilobyte, as a turn of a chat. */
function conversation(): object {
  const content =
    'The parcel that left the warehouse on Monday has not arrived, and nobody answers the telephone. '.repeat(2);
  return {
    messages: [
      { role: 'user', content },
      { role: 'assistant', content: 'We are sorry for the delay, and look into it.' },
    ],
  };
}

function cannon(url: string, method: 'GET' | 'POST', body?: object, duration = SECONDS): Promise<autocannon.Result> {
  return autocannon({
    url,
    method,
    connections: CLIENTS,
    duration,
    headers: { authorization: `Bearer ${vault.token}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
}

interface Cost {
  value: number;
  unit: string;
  p50: number;
  p99: number;
}

/** How often, how long each took, and the processor time of the server for each: of what was acknowledged alone. */
async function costOf(work: () => Promise<autocannon.Result>): Promise<Cost> {
  const before = cpuSeconds(vault.child.pid!);
  const result = await work();
  const { requests, latency, non2xx, errors } = result;
  if (non2xx + errors > 0) throw new Error(`${non2xx + errors} requests failed`);
  const micros = ((cpuSeconds(vault.child.pid!) - before) / requests.total) * 1e6;
  return { value: requests.average, unit: `/s ${micros.toFixed(0)} µs`, p50: latency.p50, p99: latency.p99 };
}

/** Acknowledged a second by a server that does nothing but INSERT the same body, as one row; null without PostgreSQL. */
async function bareInserts(body: object): Promise<number | null> {
  const { databaseUrl } = vault.backing;
  if (!databaseUrl) return null;
  const script = join(import.meta.dirname, 'bare-inserts.child.ts');
  const child = spawn(process.execPath, [script, databaseUrl], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    for await (const url of createInterface({ input: child.stdout })) {
      await cannon(url, 'POST', body, 3);
      return (await cannon(url, 'POST', body)).requests.average;
    }
    throw new Error('the bare server did not start');
  } finally {
    child.kill();
  }
}

/** A hundred thousand records by the thousand, four requests at a time. */
async function batches(record: object): Promise<void> {
  const dataset = await vault.newDataset();
  const items = Array.from({ length: BATCH }, () => ({ op: 'create', ...record }));
  let left = BATCHED / BATCH;
  const times: number[] = [];
  const started = performance.now();
  const client = async (): Promise<void> => {
    while (left-- > 0) {
      const before = performance.now();
      const { status, text } = await vault.post(`/datasets/${dataset}/records/batch`, { items });
      if (status !== 200) throw new Error(text);
      times.push(performance.now() - before);
    }
  };
  await Promise.all(Array.from({ length: 4 }, client));
  const value = BATCHED / ((performance.now() - started) / 1000);
  const [p50, p99] = [percentile(times, 0.5), percentile(times, 0.99)];
  print({ name: `create by the ${BATCH}`, value, unit: 'records/s', p50, p99, peakMb: peakRss(vault.child.pid!) });
}

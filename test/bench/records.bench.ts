// Single writes by many clients at once: how many are acknowledged, and how long each waits.
//   npm run bench -- records          on the built-in database; on PostgreSQL and S3 where TEST_… name them
import autocannon from 'autocannon';
import { startVault } from '../support/vault.ts';
import { onServices } from '../support/backing.ts';
import { peakRss, percentile, print, printHead } from './measure.ts';

const CLIENTS = 64;
const SECONDS = 10;

// Files instead of S3 for the objects: the local stand-in for S3 is what would be measured otherwise.
const vault = await startVault({ env: process.env['BENCH_FILES'] ? { VAULT__STORAGE__BACKEND: 'filesystem' } : {} });
try {
  printHead(`records on ${onServices ? 'PostgreSQL' : 'the built-in database'}, ${CLIENTS} clients`);
  const dataset = await vault.newDataset();
  const path = `/api/v1/datasets/${dataset}/records`;
  const bare = await cannon('/api/v1/auth/me', 'GET');
  const baseline = { name: 'GET /auth/me', value: bare.requests.average };
  const made = await cannon(path, 'POST', { content: conversation(), labels: ['bench'], metadata: { rating: 4 } });
  const failed = made.non2xx + made.errors;
  if (failed > 0) throw new Error(`${failed} writes failed`);
  print({
    name: 'create',
    value: made.requests.average,
    unit: 'records/s',
    ...latency(made),
    peakMb: peakRss(vault.child.pid!),
    baseline,
  });

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

function cannon(path: string, method: 'GET' | 'POST', body?: object): Promise<autocannon.Result> {
  return autocannon({
    url: `${vault.url}${path}`,
    method,
    connections: CLIENTS,
    duration: SECONDS,
    headers: { authorization: `Bearer ${vault.token}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
}

function latency({ latency: { p50, p99 } }: autocannon.Result): { p50: number; p99: number } {
  return { p50, p99 };
}

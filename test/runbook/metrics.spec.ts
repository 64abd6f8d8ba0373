// A real Prometheus scrapes a real server under a little of everything, and is asked all that is written down anywhere.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { rootCertificates } from 'node:tls';
import { type Prometheus, promtool, startPrometheus } from '../support/prometheus.ts';
import { startVault, type Vault } from '../support/vault.ts';
import { alertGroups, alerts, metricsIn, panelQueries } from '../support/watched.ts';

/** Told once a backup was made. */
const LATER = ['backup_last_success_timestamp_seconds'];

let vault: Vault;
let prometheus: Prometheus;

beforeAll(async () => {
  const certificate = join(mkdtempSync(join(tmpdir(), 'certificate-')), 'tls.crt');
  writeFileSync(certificate, rootCertificates[0]!);
  vault = await startVault({ env: { VAULT__TELEMETRY__CERTIFICATE_FILE: certificate } });
  prometheus = await startPrometheus(vault.metricsUrl, 'deploy/prometheus/alerts.yaml');
  // A series grows only from its second look on.
  for (let round = 0; round < 2; round += 1) {
    await useIt();
    await scraped();
  }
});
afterAll(async () => {
  await prometheus?.stop();
  await vault?.remove();
});

/** Waits until what is so now has been read. */
async function scraped(): Promise<void> {
  const from = Date.now() / 1000;
  const deadline = Date.now() + 30_000;
  while ((await prometheus.query('timestamp(up)')).every(({ value }) => Number(value[1]) <= from)) {
    if (Date.now() > deadline) throw new Error('nothing was scraped');
    await delay(100);
  }
}

async function useIt(): Promise<void> {
  const dataset = await vault.newDataset();
  await vault.importLines(dataset, '{"text":"write to mara.lindqvist@example.org"}\n');
  await vault.get(`/datasets/${dataset}/export`);
  await vault.post(`/datasets/${dataset}/anonymize`, { strategy: 'mask' });
  await vault.get('/no/such/address');
  await vault.post('/auth/login', { email: 'nobody@example.org', password: 'wrong wrong wrong' }, { token: null });
  await leaveInTheMiddle(`${vault.url}/api/v1/datasets/${dataset}/imports`);
}

async function leaveInTheMiddle(url: string): Promise<void> {
  const headers = { authorization: `Bearer ${vault.token}`, 'content-type': 'application/x-ndjson' };
  const asked = request(url, { method: 'POST', headers });
  const closed = new Promise((done) => asked.once('close', done));
  asked.on('error', () => undefined).write('{"a":1}\n');
  await delay(300);
  asked.destroy();
  await closed;
}

async function pageOf(url: string): Promise<string> {
  return (await fetch(url)).text();
}

describe('the metrics', () => {
  it('RB-N11 are on a port of their own, which answers nothing else, and not on that of the API', async () => {
    expect(new URL(vault.metricsUrl).port).not.toBe(new URL(vault.url).port);
    expect((await fetch(`${vault.url}/metrics`)).status).toBe(404);
    expect((await fetch(`${new URL(vault.metricsUrl).origin}/health`)).status).toBe(404);
  });

  it('RB-M1 count requests by method, route and status', async () => {
    const rates = await prometheus.query('sum(rate(http_requests_total[5m])) by (method, path)');
    const routes = rates.map(({ metric }) => `${metric['method']} ${metric['path']}`);
    expect(routes).toEqual(expect.arrayContaining(['POST /api/v1/datasets', 'GET /api/v1/datasets/:id/export']));
    expect(routes).toContain('GET unmatched');
    const statuses = await prometheus.query('count by (status) (http_requests_total)');
    expect(statuses.every(({ metric }) => /^[1-5]\d\d$/.test(metric['status']!))).toBe(true);
  });

  it('RB-M2 tell the share of failures as a number before anything has failed', async () => {
    const share = 'sum(rate(http_requests_total{status=~"5.."}[5m])) / sum(rate(http_requests_total[5m]))';
    expect(await prometheus.number(share)).toBe(0);
  });

  it('RB-M3 have a bucket border at each threshold of an alert', async () => {
    const borders = (await pageOf(vault.metricsUrl)).match(/(?<=http_request_duration_seconds_bucket\{le=")[^"]+/g);
    expect([...new Set(borders)]).toEqual('0.005 0.01 0.025 0.05 0.1 0.25 0.5 1 2 5 10 30 +Inf'.split(' '));
    const slowest = 'histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket[5m])))';
    expect(await prometheus.number(slowest)).toBeGreaterThan(0);
  });

  it('RB-M4 know that nobody is served when everybody has gone, also one that left in the middle', async () => {
    expect(await prometheus.number('http_requests_active')).toBe(0);
    expect(await prometheus.number('sum(http_requests_total{status="499"})')).toBe(2);
  });

  it('RB-M5 tell how much of the connection pool is in use', async () => {
    for (const name of ['active', 'idle', 'waiting']) await prometheus.number(`db_connections_${name}`);
    expect(await prometheus.number('db_connections_active / db_connections_max')).toBeLessThanOrEqual(1);
  });

  it('RB-M6 tell how much memory and processor time is used, and how much there may be', async () => {
    const share = await prometheus.number('process_resident_memory_bytes / process_memory_limit_bytes');
    expect(share).toBeGreaterThan(0);
    expect(share).toBeLessThan(1);
    expect(await prometheus.number('process_cpu_limit_cores')).toBeGreaterThan(0);
  });

  it('RB-M8 count sign-ins, refusals, findings and bytes, and nothing by address', async () => {
    expect(await prometheus.number('auth_attempts_total')).toBe(3);
    expect(await prometheus.number('auth_failures_total')).toBe(2);
    expect(await prometheus.number('authorization_denied_total')).toBe(0);
    expect(await prometheus.number('pii_detections_total{type="EMAIL_ADDRESS"}')).toBeGreaterThan(0);
    expect(await prometheus.number('storage_used_bytes')).toBeGreaterThanOrEqual(0);
    const limits = await prometheus.query('sum by (scope, class) (rate_limit_rejections_total)');
    const told = limits.map(({ metric }) => `${metric['scope']} ${metric['class']}`);
    expect(told).toEqual(expect.arrayContaining(['user pii', 'address sign-in', 'user export']));
    expect(await prometheus.query('{client_ip!=""}')).toEqual([]);
  });

  it('are as Prometheus likes them', async () => {
    promtool(['check', 'metrics'], await pageOf(vault.metricsUrl));
  });

  it('are all in docs/operations/MONITORING.md when they are ours', async () => {
    const text = readFileSync('docs/operations/MONITORING.md', 'utf8');
    const types = (await pageOf(vault.metricsUrl)).matchAll(/^# TYPE (\w+) /gm);
    const ours = [...types].map(([, name]) => name!).filter((name) => !/^(nodejs|process)_/.test(name));
    expect(ours.filter((name) => !text.includes(`\`${name}`))).toEqual([]);
    expect(text).toContain('process_cpu_limit_cores');
  });
});

describe('the alerts', () => {
  it('RB-M7 are five pairs of a warning and a critical one, and what must not happen unseen', () => {
    promtool(['check', 'rules', 'deploy/prometheus/alerts.yaml']);
    const severities = alertGroups
      .find(({ name }) => name === 'vault-server')!
      .rules.map((rule) => rule.labels.severity);
    expect(severities).toEqual(Array.from({ length: 5 }, () => ['warning', 'critical']).flat());
    expect(alertGroups.map(({ name }) => name)).toEqual(['vault-server', 'vault-security', 'vault-upkeep']);
  });

  it('begin and stay quiet as they should', () => {
    promtool(['test', 'rules', 'deploy/prometheus/alerts.test.yaml']);
    const tested = readFileSync('deploy/prometheus/alerts.test.yaml', 'utf8');
    expect(alerts.map(({ alert }) => alert).filter((name) => !tested.includes(`alertname: ${name}\n`))).toEqual([]);
  });

  it('are all understood, and none of them is on while all is well', async () => {
    const rules = await prometheus.rules();
    expect(rules).toHaveLength(alerts.length);
    expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
    const on = (await prometheus.query('ALERTS{alertstate="firing"}')).map(({ metric }) => metric['alertname']);
    expect(on).toEqual([]);
  });

  it.each(alerts.map(({ alert, expr }) => [alert, expr]))('%s watches what there is', async (_alert, expr) => {
    for (const metric of metricsIn(expr).filter((name) => !LATER.includes(name))) {
      expect([metric, await seriesOf(metric)]).toEqual([metric, expect.any(Number)]);
    }
  });
});

describe('the dashboards', () => {
  it.each(panelQueries)('%s: %s has data', async (_uid, _title, expr) => {
    const samples = await prometheus.query(expr);
    // A day has to pass, or a backup to be made, before there is something to show.
    const waits = /offset 1d/.test(expr) || metricsIn(expr).some((name) => LATER.includes(name));
    if (!waits) expect([expr, samples.length]).not.toEqual([expr, 0]);
  });
});

function seriesOf(metric: string): Promise<number> {
  return prometheus.number(`count({__name__=~"${metric}(_bucket)?"})`);
}

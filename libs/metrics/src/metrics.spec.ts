import { X509Certificate } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, request as ask } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { setTimeout as delay } from 'node:timers/promises';
import { Gauge, Registry } from 'prom-client';
import { FixedClock, Log, type LogFields, SystemClock } from '#kernel';
import { watchCertificate } from './certificate.metrics.ts';
import { HttpMetrics } from './http.metrics.ts';
import { MetricsListener } from './metrics.listener.ts';
import { collectProcess, memoryLimit } from './process.metrics.ts';
import { ResourceMetrics } from './resource.metrics.ts';
import { VaultMetrics } from './vault.metrics.ts';

class Lines extends Log {
  readonly lines: { fields: LogFields; message: string }[] = [];
  override debug(): void {}
  override info(fields: LogFields, message: string): void {
    this.lines.push({ fields, message });
  }
  override warn(): void {}
  override error(fields: LogFields, message: string): void {
    this.lines.push({ fields, message });
  }
}

async function valueOf(registry: Registry, series: string): Promise<number | undefined> {
  const line = (await registry.metrics()).split('\n').find((each) => each.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

describe('HttpMetrics', () => {
  let registry: Registry;
  let metrics: HttpMetrics;
  beforeEach(() => {
    registry = new Registry();
    metrics = new HttpMetrics(registry);
  });

  it('has a failed request at 0 before anything was asked, so that the share of failures is a number', async () => {
    expect(await valueOf(registry, 'http_requests_total{method="GET",path="unmatched",status="500"}')).toBe(0);
  });

  it('counts by method, template and status, and how many are there now', async () => {
    const one = metrics.begin();
    const other = metrics.begin();
    expect(await valueOf(registry, 'http_requests_active')).toBe(2);
    one('GET', '/api/v1/datasets/:id', 200);
    other('GET', '/api/v1/datasets/:id', 404);
    expect(await valueOf(registry, 'http_requests_active')).toBe(0);
    expect(await valueOf(registry, 'http_requests_total{method="GET",path="/api/v1/datasets/:id",status="200"}')).toBe(
      1,
    );
    expect(await valueOf(registry, 'http_requests_total{method="GET",path="/api/v1/datasets/:id",status="404"}')).toBe(
      1,
    );
  });

  it('counts a request once, however often its end is told', async () => {
    const ended = metrics.begin();
    ended('GET', '/a', 200);
    ended('GET', '/a', 200);
    expect(await valueOf(registry, 'http_requests_active')).toBe(0);
    expect(await valueOf(registry, 'http_requests_total{method="GET",path="/a",status="200"}')).toBe(1);
  });

  it('has the borders of the alerts among its buckets, and no others than these', async () => {
    metrics.begin()('GET', '/a', 200);
    const text = await registry.metrics();
    const borders = [...text.matchAll(/http_request_duration_seconds_bucket\{le="([^"]+)"/g)].map(([, le]) => le);
    expect(borders).toEqual('0.005 0.01 0.025 0.05 0.1 0.25 0.5 1 2 5 10 30 +Inf'.split(' '));
  });

  it('measures seconds', async () => {
    const before = performance.now();
    const ended = metrics.begin();
    await delay(30);
    ended('GET', '/a', 200);
    const passed = (performance.now() - before) / 1000;
    const seconds = await valueOf(registry, 'http_request_duration_seconds_sum{method="GET",path="/a"}');
    expect(seconds).toBeGreaterThan(0.025);
    expect(seconds).toBeLessThanOrEqual(passed);
  });

  it('comes down to 0 again when callers go away, told by the close of their answers', async () => {
    const server = createServer((_request, response) => {
      const ended = metrics.begin();
      response.once('close', () => ended('GET', '/slow', response.writableFinished ? 200 : 499));
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const address = server.address();
    if (typeof address !== 'object' || address === null) throw new Error('no port');
    const asked = ask({ port: address.port });
    asked.on('error', () => undefined);
    asked.end();
    while ((await valueOf(registry, 'http_requests_active')) !== 1) await delay(5);
    asked.destroy();
    while ((await valueOf(registry, 'http_requests_active')) !== 0) await delay(5);
    expect(await valueOf(registry, 'http_requests_total{method="GET",path="/slow",status="499"}')).toBe(1);
    server.close();
  });
});

describe('VaultMetrics', () => {
  it('begins at 0 and counts what the rooms tell', async () => {
    const registry = new Registry();
    const metrics = new VaultMetrics(registry);
    for (const name of ['auth_attempts_total', 'auth_failures_total', 'authorization_denied_total']) {
      expect(await valueOf(registry, name)).toBe(0);
    }
    metrics.signInTried();
    metrics.signInTried();
    metrics.signInRefused();
    metrics.accessDenied();
    metrics.detected('EMAIL', 3);
    metrics.rateLimited('address', 'sign-in');
    metrics.imported(10, 4096);
    metrics.quarantined('held', 4);
    metrics.compacted(5000, 8192);
    metrics.purged(7, 1024);
    expect(await valueOf(registry, 'auth_attempts_total')).toBe(2);
    expect(await valueOf(registry, 'auth_failures_total')).toBe(1);
    expect(await valueOf(registry, 'authorization_denied_total')).toBe(1);
    expect(await valueOf(registry, 'pii_detections_total{type="EMAIL"}')).toBe(3);
    expect(await valueOf(registry, 'rate_limit_rejections_total{scope="address",class="sign-in"}')).toBe(1);
    expect(await valueOf(registry, 'import_records_total')).toBe(10);
    expect(await valueOf(registry, 'import_bytes_total')).toBe(4096);
    expect(await valueOf(registry, 'quarantine_records_total{outcome="held"}')).toBe(4);
    expect(await valueOf(registry, 'compacted_segments_total')).toBe(5000);
    expect(await valueOf(registry, 'compacted_bytes_total')).toBe(8192);
    expect(await valueOf(registry, 'purged_segments_total')).toBe(7);
    expect(await valueOf(registry, 'purged_bytes_total')).toBe(1024);
  });

  it('has the series there can be before anything happens, so that the first time is an increase', async () => {
    const registry = new Registry();
    new VaultMetrics(registry).expect(['EMAIL'], ['default', 'sign-in'], ['user', 'address']);
    expect(await valueOf(registry, 'pii_detections_total{type="EMAIL"}')).toBe(0);
    expect(await valueOf(registry, 'rate_limit_rejections_total{scope="address",class="sign-in"}')).toBe(0);
  });

  it('has no series by address: there are as many as an attacker likes', async () => {
    const registry = new Registry();
    new VaultMetrics(registry);
    const labels = registry.getMetricsAsArray().flatMap((metric) => (metric as { labelNames?: string[] }).labelNames);
    expect(labels).not.toContain('client_ip');
    expect(labels).not.toContain('ip');
  });
});

describe('ResourceMetrics', () => {
  it('reads the pool on every scrape', async () => {
    const registry = new Registry();
    const pool = { active: 3, idle: 1, waiting: 2, max: 10 };
    new ResourceMetrics(registry, new SystemClock()).watchDatabase(() => pool);
    pool.active = 4;
    const names = ['active', 'idle', 'waiting', 'max'];
    const values = await Promise.all(names.map((name) => valueOf(registry, `db_connections_${name}`)));
    expect(values).toEqual([4, 1, 2, 10]);
  });

  it('has no number of connections while the pool cannot be read, and shows the rest', async () => {
    const registry = new Registry();
    new VaultMetrics(registry);
    new ResourceMetrics(registry, new SystemClock()).watchDatabase(() => {
      throw new Error('closed');
    });
    expect(await valueOf(registry, 'db_connections_max')).toBeUndefined();
    expect(await valueOf(registry, 'auth_attempts_total')).toBe(0);
  });

  it('reads the size of the store once a minute, and keeps the last one while it cannot be read', async () => {
    const registry = new Registry();
    let at = new Date(0);
    const clock = new (class extends SystemClock {
      override now(): Date {
        return at;
      }
    })();
    let asked = 0;
    let fails = false;
    new ResourceMetrics(registry, clock).watchStorage(async () => {
      asked += 1;
      if (fails) throw new Error('away');
      return asked * 100;
    });
    expect(await valueOf(registry, 'storage_used_bytes')).toBe(100);
    expect(await valueOf(registry, 'storage_used_bytes')).toBe(100);
    at = new Date(60_000);
    fails = true;
    expect(await valueOf(registry, 'storage_used_bytes')).toBe(100);
    fails = false;
    expect(await valueOf(registry, 'storage_used_bytes')).toBe(300);
  });

  it('does not wait long for the size of the store, and has none until it is known', async () => {
    const registry = new Registry();
    let found: (size: number) => void = () => undefined;
    let asked = 0;
    const read = (): Promise<number> => {
      asked += 1;
      return new Promise((resolve) => (found = resolve));
    };
    new ResourceMetrics(registry, new FixedClock(new Date())).watchStorage(read, 20);
    expect(await valueOf(registry, 'storage_used_bytes')).toBeUndefined();
    expect(await valueOf(registry, 'storage_used_bytes')).toBeUndefined();
    expect(asked).toBe(1);
    found(7);
    expect(await valueOf(registry, 'storage_used_bytes')).toBe(7);
  });
});

describe('ResourceMetrics on jobs and keys', () => {
  it('tells how many jobs wait and run, and forgets a kind that is gone', async () => {
    const registry = new Registry();
    let at = new Date(0);
    const clock = new (class extends SystemClock {
      override now(): Date {
        return at;
      }
    })();
    let counts = [{ kind: 'anonymize', waiting: 3, running: 1 }];
    new ResourceMetrics(registry, clock).watchJobs(async () => counts);
    await registry.metrics();
    expect(await valueOf(registry, 'jobs_waiting{kind="anonymize"}')).toBe(3);
    expect(await valueOf(registry, 'jobs_running{kind="anonymize"}')).toBe(1);
    counts = [{ kind: 'export', waiting: 1, running: 0 }];
    at = new Date(5000);
    await registry.metrics();
    expect(await valueOf(registry, 'jobs_waiting{kind="anonymize"}')).toBeUndefined();
    expect(await valueOf(registry, 'jobs_waiting{kind="export"}')).toBe(1);
  });

  it('names the one key that tokens are signed with', async () => {
    const registry = new Registry();
    let id = 'one';
    new ResourceMetrics(registry, new SystemClock()).watchTokenKey(() => id);
    expect(await valueOf(registry, 'auth_jwt_key_info{key_id="one"}')).toBe(1);
    id = 'two';
    expect(await valueOf(registry, 'auth_jwt_key_info{key_id="one"}')).toBeUndefined();
    expect(await valueOf(registry, 'auth_jwt_key_info{key_id="two"}')).toBe(1);
  });
});

describe('watchCertificate', () => {
  it('tells when the certificate in the file ends, and nothing of a file that is none', async () => {
    const registry = new Registry();
    const file = join(mkdtempSync(join(tmpdir(), 'certificate-')), 'tls.crt');
    watchCertificate(registry, file);
    expect(await valueOf(registry, 'tls_certificate_not_after_seconds')).toBeUndefined();
    writeFileSync(file, rootCertificates[0]!);
    const ends = new X509Certificate(rootCertificates[0]!).validToDate.getTime() / 1000;
    expect(await valueOf(registry, 'tls_certificate_not_after_seconds')).toBe(ends);
    writeFileSync(file, 'half a certif');
    expect(await valueOf(registry, 'tls_certificate_not_after_seconds')).toBeUndefined();
  });
});

describe('the metrics of the process', () => {
  it('have what the memory and event loop alerts need, and no gauge that is named like a counter', async () => {
    const registry = new Registry();
    collectProcess(registry);
    const text = await registry.metrics();
    expect(text).toMatch(/^process_resident_memory_bytes \d+$/m);
    expect(text).toMatch(/^process_memory_limit_bytes \d+$/m);
    expect(text).toMatch(/^process_cpu_seconds_total /m);
    expect(text).toMatch(/^process_cpu_limit_cores [\d.]+$/m);
    expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds /m);
    expect(text).not.toMatch(/^# TYPE \w+_total gauge$/m);
    registry.clear();
  });

  it.each([
    [512, 512],
    [0, 1000],
    [1_000_000, 1000],
  ])('take a limit of %d out of 1000 as %d', (constrained, limit) => {
    expect(memoryLimit(constrained, 1000)).toBe(limit);
  });
});

describe('MetricsListener', () => {
  let registry: Registry;
  let log: Lines;
  let listener: MetricsListener;
  beforeEach(() => {
    registry = new Registry();
    log = new Lines();
    listener = new MetricsListener(registry, { host: '127.0.0.1', port: 0 }, log);
  });
  afterEach(() => listener.stop());

  it('answers GET /metrics, and says where', async () => {
    new VaultMetrics(registry);
    const url = await listener.start();
    const answer = await fetch(url);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await answer.text()).toContain('# TYPE auth_attempts_total counter');
    expect(log.lines).toEqual([{ fields: { event_type: 'process', url }, message: 'metrics are served' }]);
  });

  it.each([
    ['GET', '/'],
    ['GET', '/metrics/'],
    ['GET', '/health'],
    ['POST', '/metrics'],
    ['HEAD', '/metrics'],
  ])('answers 404 to %s %s', async (method, path) => {
    const { origin } = new URL(await listener.start());
    expect((await fetch(`${origin}${path}`, { method })).status).toBe(404);
  });

  it('answers 500 without a word about why when a metric cannot be read', async () => {
    new Gauge({
      name: 'broken',
      help: 'cannot be read',
      registers: [registry],
      collect() {
        throw new Error('secret-address');
      },
    });
    const answer = await fetch(await listener.start());
    expect(answer.status).toBe(500);
    expect(await answer.text()).toBe('');
  });

  it('fails to start when the port is taken', async () => {
    const { port } = new URL(await listener.start());
    const other = new MetricsListener(registry, { host: '127.0.0.1', port: Number(port) }, log);
    await expect(other.start()).rejects.toThrow('EADDRINUSE');
    await other.stop();
  });

  it('stops though somebody is in the middle of asking, and can be stopped twice', async () => {
    const url = await listener.start();
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write('GET /metrics HTTP/1.1\r\nHost: a\r\n');
    await (await fetch(url)).text();
    await listener.stop();
    await listener.stop();
    await expect(fetch(url)).rejects.toThrow();
    socket.destroy();
  }, 3000);
});

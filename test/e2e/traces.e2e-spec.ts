// Traces: what a request consists of, sent to a collector, and nothing of what was in it.
import { Collector } from '../support/collector.ts';
import { startVault, type Vault } from '../support/vault.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const CALLER = '00f067aa0ba902b7';
const EMAIL = 'mara.lindqvist@example.org';

describe('traces', () => {
  let vault: Vault;
  const collector = new Collector();
  beforeAll(async () => {
    await collector.start();
    vault = await startVault({ env: { VAULT__TELEMETRY__OTLP_ENDPOINT: collector.url } });
  });
  afterAll(async () => {
    await vault.remove();
    await collector.stop();
  });

  it('make a request part of its caller’s trace, with its statements and objects under it', async () => {
    const dataset = await vault.newDataset();
    const headers = { traceparent: `00-${TRACE}-${CALLER}-01` };
    await vault.importLines(dataset, `{"text":"write to ${EMAIL}"}\n`, '', headers);
    const server = await collector.until(
      ({ name, traceId }) => name === 'POST /api/v1/datasets/:id/imports' && traceId === TRACE,
    );
    expect(server).toMatchObject({ parentSpanId: CALLER, kind: 2 });
    expect(server.attributes).toContainEqual({ key: 'http.response.status_code', value: { intValue: '201' } });
    const under = collector.spans.filter(({ parentSpanId }) => parentSpanId === server.spanId).map(({ name }) => name);
    expect(under).toContain('INSERT commits');
    expect(under.filter((name) => name.endsWith(' put'))).toHaveLength(1);
    // A tenant's key is unwrapped once and then held, by whichever request came first.
    await collector.until(({ name }) => name === 'kms wrap' || name === 'kms unwrap');
  });

  it('follow a job in a trace of its own', async () => {
    const dataset = await vault.newDataset();
    await vault.importLines(dataset, `{"text":"write to ${EMAIL}"}\n`);
    const { body } = await vault.post<{ job_id: string }>(`/datasets/${dataset}/anonymize`, {
      name: 'traced copy',
      strategy: 'redact',
    });
    await vault.until<{ status: string }>(`/jobs/${body.job_id}`, (answer) => answer.body.status === 'completed');
    const asked = await collector.until(({ name }) => name === 'enqueue anonymize');
    const done = await collector.until(({ name }) => name === 'job anonymize');
    expect(done.parentSpanId).toBeUndefined();
    expect(done.traceId).not.toBe(asked.traceId);
    const id = ({ attributes }: typeof done): unknown => attributes.find(({ key }) => key === 'job.id')?.value;
    expect(id(done)).toEqual(id(asked));
  });

  it('say that a request failed by its status, leave out probes, and end after they began', async () => {
    await vault.get('/no/such/address');
    await vault.get('/health/ready');
    const lost = await collector.until(({ name }) => name === 'GET unmatched');
    expect(lost.attributes).toContainEqual({ key: 'http.response.status_code', value: { intValue: '404' } });
    expect(collector.spans.filter(({ name }) => name.includes('/health'))).toEqual([]);
    for (const { startTimeUnixNano: from, endTimeUnixNano: to } of collector.spans)
      expect(BigInt(to) >= BigInt(from)).toBe(true);
  });

  it('tell nothing of what was written, of who was there, and of secrets', () => {
    expect(collector.spans.length).toBeGreaterThan(20);
    for (const told of [EMAIL, 'write to', 'admin@example.org', 'traced copy', vault.token])
      expect([told, collector.text.includes(told)]).toEqual([told, false]);
  });
});

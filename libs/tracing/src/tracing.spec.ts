import { createServer, type Server } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { Log, type LogFields } from '#kernel';
import { OtlpExporter } from './otlp.exporter.ts';
import type { Span } from './span.ts';
import { childOf, parseTraceparent, traceparentOf } from './trace-context.ts';
import { Tracer } from './tracer.ts';

class Kept {
  readonly spans: Span[] = [];
  take(span: Span): void {
    this.spans.push(span);
  }
}

class Warnings extends Log {
  readonly fields: LogFields[] = [];
  override debug(): void {}
  override info(): void {}
  override warn(fields: LogFields): void {
    this.fields.push(fields);
  }
  override error(): void {}
}

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';

describe('traceparent', () => {
  it('is read and written as the standard says', () => {
    const header = `00-${TRACE}-${PARENT}-01`;
    expect(parseTraceparent(header)).toEqual({ traceId: TRACE, spanId: PARENT, sampled: true });
    expect(traceparentOf(parseTraceparent(header)!)).toBe(header);
    expect(parseTraceparent(`cc-${TRACE}-${PARENT}-00-what-comes`)).toMatchObject({ sampled: false });
  });

  it.each([
    ['nothing', undefined],
    ['a list', [`00-${TRACE}-${PARENT}-01`]],
    ['another form', 'trace'],
    ['a version that is none', `ff-${TRACE}-${PARENT}-01`],
    ['more than its version has', `00-${TRACE}-${PARENT}-01-more`],
    ['no trace', `00-${'0'.repeat(32)}-${PARENT}-01`],
    ['no span', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['capitals', `00-${TRACE.toUpperCase()}-${PARENT}-01`],
  ])('is none when it is %s', (_what, header) => {
    expect(parseTraceparent(header)).toBeNull();
  });

  it('gives a new trace to what has none above it', () => {
    expect(childOf(null).traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(childOf(null).traceId).not.toBe(childOf(null).traceId);
  });
});

describe('Tracer', () => {
  it('puts spans under the one that is running, across waits', async () => {
    const kept = new Kept();
    const tracer = new Tracer(kept);
    const parent = { traceId: TRACE, spanId: PARENT, sampled: true };
    await tracer.span('outer', { kind: 'server', parent }, async () => {
      await delay(1);
      await tracer.span('inner', { attributes: { number: 1 } }, async () => delay(1));
      tracer.ended('told later', 5);
    });
    const [inner, told, outer] = kept.spans;
    expect(outer).toMatchObject({ name: 'outer', kind: 'server', parentId: PARENT, failed: false });
    for (const under of [inner!, told!]) {
      expect(under.context.traceId).toBe(TRACE);
      expect(under.parentId).toBe(outer!.context.spanId);
    }
    expect(told!.endedMs - told!.startedMs).toBeGreaterThanOrEqual(4.9);
  });

  it('says that a span failed, and not by what, and lets the error go on', async () => {
    const kept = new Kept();
    const failing = new Tracer(kept).span('a', {}, () => Promise.reject(new Error('card 4111 1111 1111 1111')));
    await expect(failing).rejects.toThrow('4111');
    expect(kept.spans[0]!.failed).toBe(true);
    expect(JSON.stringify(kept.spans)).not.toContain('4111');
  });

  it('keeps nothing of a trace that its caller does not keep', async () => {
    const kept = new Kept();
    const tracer = new Tracer(kept);
    const parent = { traceId: TRACE, spanId: PARENT, sampled: false };
    await tracer.span('outer', { parent }, () => tracer.span('inner', {}, async () => undefined));
    expect(kept.spans).toEqual([]);
  });

  it('leaves out what is told later of work that belongs to nothing', () => {
    const kept = new Kept();
    new Tracer(kept).ended('SELECT', 1);
    expect(kept.spans).toEqual([]);
  });
});

describe('OtlpExporter', () => {
  let server: Server;
  let bodies: { resourceSpans: { scopeSpans: { spans: Record<string, unknown>[] }[] }[] }[];
  let status = 200;
  let url = '';
  let log: Warnings;
  let exporter: OtlpExporter;
  beforeEach(async () => {
    bodies = [];
    status = 200;
    log = new Warnings();
    server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        if (status === 200) bodies.push(JSON.parse(Buffer.concat(parts).toString()) as (typeof bodies)[number]);
        response.writeHead(request.url === '/v1/traces' ? status : 404).end('{}');
      });
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
    exporter = new OtlpExporter({ endpoint: url, serviceName: 'vault', version: '1.2.3' }, log);
  });
  afterEach(async () => {
    await exporter.close();
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });

  const sent = (): Record<string, unknown>[] =>
    bodies.flatMap(({ resourceSpans }) =>
      resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((one) => one.spans)),
    );

  it('sends what OTLP wants: ids, times in nanoseconds as text, kinds as numbers, values with their kind', async () => {
    const tracer = new Tracer(exporter);
    await tracer.span(
      'GET /a',
      { kind: 'server', attributes: { n: 1, f: 0.5, s: 'x', b: true } },
      async () => undefined,
    );
    await exporter.flush();
    expect(bodies[0]).toMatchObject({
      resourceSpans: [{ resource: { attributes: [{ key: 'service.name', value: { stringValue: 'vault' } }, {}] } }],
    });
    expect(sent()).toEqual([
      {
        traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
        spanId: expect.stringMatching(/^[0-9a-f]{16}$/),
        name: 'GET /a',
        kind: 2,
        startTimeUnixNano: expect.stringMatching(/^\d{19}$/),
        endTimeUnixNano: expect.stringMatching(/^\d{19}$/),
        attributes: [
          { key: 'n', value: { intValue: '1' } },
          { key: 'f', value: { doubleValue: 0.5 } },
          { key: 's', value: { stringValue: 'x' } },
          { key: 'b', value: { boolValue: true } },
        ],
      },
    ]);
  });

  it('sends again what a collector could not take, and says once that it cannot', async () => {
    const tracer = new Tracer(exporter);
    status = 503;
    for (let i = 0; i < 3; i += 1) {
      tracer.end(tracer.begin(`span ${i}`));
      await exporter.flush();
    }
    expect(log.fields).toEqual([{ event_type: 'tracing', error: 'COLLECTOR_AWAY' }]);
    status = 200;
    await exporter.flush();
    expect(sent().map(({ name }) => name)).toEqual(['span 0', 'span 1', 'span 2']);
  });

  it('holds so many and no more while nobody takes them', () => {
    const tracer = new Tracer(exporter);
    status = 503;
    for (let i = 0; i < 5000; i += 1) tracer.end(tracer.begin('span'));
    expect(exporter.dropped).toBe(5000 - 4096);
  });

  it('sends the last ones when it is closed', async () => {
    const tracer = new Tracer(exporter);
    tracer.end(tracer.begin('last'));
    await exporter.close();
    expect(sent().map(({ name }) => name)).toEqual(['last']);
  });
});

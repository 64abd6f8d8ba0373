// A collector of traces, as small as it can be: takes OTLP in JSON and keeps the spans.
import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

export interface CollectedSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: { key: string; value: Record<string, unknown> }[];
  status?: { code: number };
}

interface Body {
  resourceSpans: { scopeSpans: { spans: CollectedSpan[] }[] }[];
}

export class Collector {
  readonly spans: CollectedSpan[] = [];
  /** What came, as it came. */
  text = '';
  url = '';
  private readonly server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const text = Buffer.concat(parts).toString();
      this.text += text;
      const { resourceSpans } = JSON.parse(text) as Body;
      this.spans.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)));
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });

  async start(): Promise<void> {
    await new Promise<void>((listening) => this.server.listen(0, '127.0.0.1', listening));
    this.url = `http://127.0.0.1:${(this.server.address() as { port: number }).port}`;
  }

  async until(is: (span: CollectedSpan) => boolean): Promise<CollectedSpan> {
    const deadline = Date.now() + 60_000;
    for (;;) {
      const span = this.spans.find(is);
      if (span) return span;
      if (Date.now() > deadline) throw new Error(`no such span among ${this.spans.map(({ name }) => name).join(', ')}`);
      await delay(50);
    }
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }
}

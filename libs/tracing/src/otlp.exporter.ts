import type { Log } from '#kernel';
import type { Attributes, Span, SpanKind } from './span.ts';
import type { SpanSink } from './tracer.ts';

export interface ExporterOptions {
  /** Of the collector; `/v1/traces` is put behind it when it is not there. */
  endpoint: string;
  serviceName: string;
  version: string;
}

const EVERY_MS = 2000;
const MOST_AT_ONCE = 512;
/** Spans that wait for a collector which does not answer: older ones stay, newer ones are dropped and counted. */
const MOST_WAITING = 4096;
const TIMEOUT_MS = 5000;
const KINDS: Record<SpanKind, number> = { internal: 1, server: 2, client: 3, producer: 4, consumer: 5 };
const FAILED = 2;

/** Sends spans as OTLP over HTTP, in JSON, a batch at a time. The vault does not wait for it, and works as well without. */
export class OtlpExporter implements SpanSink {
  private readonly url: string;
  private readonly resource: object;
  private readonly scope: object;
  private readonly log: Log;
  private readonly timer: NodeJS.Timeout;
  private waiting: Span[] = [];
  private sending: Promise<void> | null = null;
  private isAway = false;
  dropped = 0;

  constructor({ endpoint, serviceName, version }: ExporterOptions, log: Log) {
    this.url = endpoint.endsWith('/v1/traces') ? endpoint : `${endpoint.replace(/\/$/, '')}/v1/traces`;
    this.resource = { attributes: pairs({ 'service.name': serviceName, 'service.version': version }) };
    this.scope = { name: 'llm-data-vault', version };
    this.log = log;
    this.timer = setInterval(() => void this.flush(), EVERY_MS).unref();
  }

  take(span: Span): void {
    if (this.waiting.length >= MOST_WAITING) this.dropped += 1;
    else this.waiting.push(span);
    if (this.waiting.length === MOST_AT_ONCE) void this.flush();
  }

  /** Sends what there is. Does not throw: a collector that is away is told of once in the log. */
  async flush(): Promise<void> {
    this.sending ??= this.sendAll().finally(() => (this.sending = null));
    await this.sending;
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.flush();
  }

  private async sendAll(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting.slice(0, MOST_AT_ONCE);
      if (!(await this.send(batch))) return;
      this.waiting = this.waiting.slice(batch.length);
    }
  }

  private async send(batch: readonly Span[]): Promise<boolean> {
    const spans = batch.map(asOtlp);
    const body = JSON.stringify({
      resourceSpans: [{ resource: this.resource, scopeSpans: [{ scope: this.scope, spans }] }],
    });
    try {
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(this.url, { method: 'POST', headers, body, signal: AbortSignal.timeout(TIMEOUT_MS) });
      await answer.arrayBuffer();
      // What it refuses now it would refuse again.
      if (answer.status >= 500 || answer.status === 429) throw new Error(String(answer.status));
      this.isAway = false;
      return true;
    } catch {
      if (!this.isAway) this.log.warn({ event_type: 'tracing', error: 'COLLECTOR_AWAY' }, 'traces cannot be sent');
      this.isAway = true;
      return false;
    }
  }
}

function asOtlp({ context, parentId, name, kind, startedMs, endedMs, failed, attributes }: Span): object {
  return {
    traceId: context.traceId,
    spanId: context.spanId,
    ...(parentId && { parentSpanId: parentId }),
    name,
    kind: KINDS[kind],
    startTimeUnixNano: nanoseconds(startedMs),
    endTimeUnixNano: nanoseconds(endedMs),
    attributes: pairs(attributes),
    ...(failed && { status: { code: FAILED } }),
  };
}

/** As text: a number of JSON does not hold so many digits. */
function nanoseconds(ms: number): string {
  return (BigInt(Math.round(ms * 1000)) * 1000n).toString();
}

function pairs(attributes: Attributes): object[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: valueOf(value) }));
}

function valueOf(value: string | number | boolean): object {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}

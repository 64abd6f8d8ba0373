import { AsyncLocalStorage } from 'node:async_hooks';
import { type Attributes, Span, type SpanKind } from './span.ts';
import { childOf, type TraceContext } from './trace-context.ts';

/** Who takes spans that have ended. Must not throw, and must not wait. */
export interface SpanSink {
  take(span: Span): void;
}

export interface SpanStart {
  kind?: SpanKind;
  attributes?: Attributes;
  /** Of the caller, when it is not the span that is running here: null begins a trace. */
  parent?: TraceContext | null;
}

/** Begins and ends spans, and knows which one the running code works under. */
export class Tracer {
  private readonly running = new AsyncLocalStorage<Span>();
  private readonly sink: SpanSink;

  constructor(sink: SpanSink) {
    this.sink = sink;
  }

  get current(): Span | undefined {
    return this.running.getStore();
  }

  begin(name: string, { kind = 'internal', attributes = {}, parent }: SpanStart = {}): Span {
    const above = parent === undefined ? (this.current?.context ?? null) : parent;
    return new Span({
      name,
      kind,
      context: childOf(above),
      parentId: above?.spanId ?? null,
      attributes: { ...attributes },
      startedMs: performance.timeOrigin + performance.now(),
    });
  }

  /** A second end changes nothing. */
  end(span: Span, failed = false): void {
    if (span.endedMs > 0) return;
    span.endedMs = performance.timeOrigin + performance.now();
    span.failed = failed;
    // The one who asked has decided for the whole trace whether it is kept.
    if (span.context.sampled) this.sink.take(span);
  }

  within<T>(span: Span, work: () => T): T {
    return this.running.run(span, work);
  }

  /** Runs `work` as a span; a throw makes it a failed one, and goes on. What was thrown is not told. */
  async span<T>(name: string, start: SpanStart, work: () => Promise<T>): Promise<T> {
    const span = this.begin(name, start);
    try {
      const result = await this.within(span, work);
      this.end(span);
      return result;
    } catch (error) {
      this.end(span, true);
      throw error;
    }
  }

  /** Something that has just ended and is told afterwards, as statements are by the driver's log. */
  ended(name: string, ms: number, start: SpanStart & { failed?: boolean } = {}): void {
    // Work at start-up and on a timer belongs to nothing, and nobody looks for its statements one by one.
    if (!this.current && start.parent === undefined) return;
    const { context, parentId, kind, attributes, startedMs } = this.begin(name, start);
    const span = new Span({ name, kind, context, parentId, attributes, startedMs: startedMs - ms });
    this.end(span, start.failed);
  }
}

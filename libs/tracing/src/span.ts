import type { TraceContext } from './trace-context.ts';

export type SpanKind = 'internal' | 'server' | 'client' | 'producer' | 'consumer';

/** Facts about the work: names, numbers, states. Never content, a value of a query, or what identifies a person. */
export type Attributes = Record<string, string | number | boolean>;

/** One piece of work with a beginning and an end. */
export class Span {
  readonly context: TraceContext;
  readonly parentId: string | null;
  readonly kind: SpanKind;
  readonly startedMs: number;
  name: string;
  endedMs = 0;
  failed = false;
  readonly attributes: Attributes;

  constructor(parts: {
    name: string;
    kind: SpanKind;
    context: TraceContext;
    parentId: string | null;
    attributes: Attributes;
    startedMs: number;
  }) {
    this.name = parts.name;
    this.kind = parts.kind;
    this.context = parts.context;
    this.parentId = parts.parentId;
    this.attributes = parts.attributes;
    this.startedMs = parts.startedMs;
  }
}

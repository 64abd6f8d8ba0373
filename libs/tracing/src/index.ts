// tracing: what a request and a job consist of and how long each part took, told to a collector. Never what was in them.
export { OtlpExporter } from './otlp.exporter.ts';
export type { ExporterOptions } from './otlp.exporter.ts';
export { Span } from './span.ts';
export type { Attributes, SpanKind } from './span.ts';
export { parseTraceparent, traceparentOf } from './trace-context.ts';
export type { TraceContext } from './trace-context.ts';
export { Tracer } from './tracer.ts';

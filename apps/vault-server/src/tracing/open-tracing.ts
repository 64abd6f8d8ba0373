import type { KeyManagement } from '#crypto';
import type { OpenedDatabase } from '#database';
import type { Log } from '#kernel';
import type { JobQueue } from '#queue';
import type { BlobStore } from '#storage';
import { OtlpExporter, Tracer } from '#tracing';
import type { Settings } from '../settings.ts';
import { version } from '../version.ts';
import { TracedBlobStore } from './traced.blob-store.ts';
import { TracedJobQueue } from './traced.job-queue.ts';
import { TracedKeyManagement } from './traced.key-management.ts';

export interface Tracing {
  tracer: Tracer;
  /** Sends the last spans. */
  close(): Promise<void>;
}

/** None without a collector: then nothing below wraps anything, and nothing costs anything. */
export function openTracing({ telemetry }: Settings, log: Log): Tracing | undefined {
  const { otlp_endpoint: endpoint, service_name: serviceName } = telemetry;
  if (!endpoint) return undefined;
  const exporter = new OtlpExporter({ endpoint, serviceName, version }, log);
  return { tracer: new Tracer(exporter), close: () => exporter.close() };
}

export function tracedKeys(kms: KeyManagement, tracing?: Tracing): KeyManagement {
  return tracing ? new TracedKeyManagement(kms, tracing.tracer) : kms;
}

export function tracedBlobs(blobs: BlobStore, { storage }: Settings, tracing?: Tracing): BlobStore {
  return tracing ? new TracedBlobStore(blobs, tracing.tracer, storage.backend) : blobs;
}

export function tracedQueue(queue: JobQueue, tracing?: Tracing): JobQueue {
  return tracing ? new TracedJobQueue(queue, tracing.tracer) : queue;
}

export function watchSql(opened: Pick<OpenedDatabase, 'watch'>, tracing?: Tracing): void {
  if (!tracing) return;
  opened.watch((statement, ms, failed) => {
    const attributes = { 'db.system.name': 'postgresql', 'db.query.summary': statement };
    tracing.tracer.ended(statement, ms, { kind: 'client', attributes, failed });
  });
}

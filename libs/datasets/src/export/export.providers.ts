import { Audit } from '#audit';
import { SigningKeys } from '#crypto';
import { Database } from '#database';
import { type Provided, provided, providedBy } from '#kernel';
import { ExportsService } from '../exports.service.ts';
import { SegmentPool } from '../ingest/segment.pool.ts';
import { RecordReader } from '../record.reader.ts';
import { RecordRepository } from '../record.repository.ts';
import { Refs } from '../refs.ts';
import { RecordViewer } from '../views/record.viewer.ts';
import type { ExportPool } from './export.tasks.ts';
import { RecordExporter } from './record-exporter.ts';
import { RecordSelection } from './record-selection.ts';

/** What takes records out of a dataset. */
export function exportProviders(threads: number): Provided[] {
  return [
    provided(RecordSelection, [Database, RecordRepository]),
    providedBy(
      RecordExporter,
      [RecordSelection, RecordReader, SegmentPool, RecordViewer],
      (selection, reader, pool, viewer) =>
        new RecordExporter(selection, reader, pool as unknown as ExportPool, threads + 1, viewer),
    ),
    provided(ExportsService, [Database, RecordExporter, Refs, Audit, SigningKeys, RecordViewer]),
  ];
}

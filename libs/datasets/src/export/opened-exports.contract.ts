import type { Audit } from '#audit';
import type { Database } from '#database';
import { ExportsService } from '../exports.service.ts';
import type { RecordReader } from '../record.reader.ts';
import type { RecordRepository } from '../record.repository.ts';
import type { Refs } from '../refs.ts';
import { performExportTask } from './export.worker-tasks.ts';
import { RecordExporter } from './record-exporter.ts';
import { RecordSelection } from './record-selection.ts';

/** For tests: exports whose threads are this one. */
export function openExports(parts: {
  database: Database;
  records: RecordRepository;
  reader: RecordReader;
  refs: Refs;
  audit: Audit;
}): ExportsService {
  const { database, records, reader, refs, audit } = parts;
  const pool = { run: async (task: Parameters<typeof performExportTask>[0]) => performExportTask(task).result };
  const exporter = new RecordExporter(new RecordSelection(database, records), reader, pool, 2);
  return new ExportsService(database, exporter, refs, audit, { current: () => Promise.reject(new Error('no key')) });
}

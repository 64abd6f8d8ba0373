import type { Audit } from '#audit';
import type { Database } from '#database';
import { ExportsService } from '../exports.service.ts';
import type { RecordReader } from '../record.reader.ts';
import type { StoredVersion } from '../record-version.entity.ts';
import type { RecordRepository } from '../record.repository.ts';
import type { Refs } from '../refs.ts';
import { performExportTask } from './export.worker-tasks.ts';
import { RecordExporter } from './record-exporter.ts';
import { RecordSelection } from './record-selection.ts';

/** For tests in which nobody asks for a view. */
export const withoutViews = (reader: Pick<RecordReader, 'contents'>) => ({
  open: () => Promise.resolve(null),
  contents: (tenantId: string, rows: StoredVersion[]) => reader.contents(tenantId, rows),
  joined: () => Promise.reject(new Error('no view was opened')),
});

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
  const exporter = new RecordExporter(new RecordSelection(database, records), reader, pool, 2, withoutViews(reader));
  return new ExportsService(
    database,
    exporter,
    refs,
    audit,
    { current: () => Promise.reject(new Error('no key')) },
    withoutViews(reader),
  );
}

import { Readable } from 'node:stream';
import type { Audit } from '#audit';
import type { Database } from '#database';
import { type Principal, showId } from '#kernel';
import type { Commit } from './commit.entity.ts';
import type { RecordReader } from './record.reader.ts';
import type { Refs } from './refs.ts';

/** A whole dataset, out in plaintext. */
export class ExportsService {
  constructor(
    private readonly database: Database,
    private readonly reader: RecordReader,
    private readonly refs: Refs,
    private readonly audit: Audit,
  ) {}

  /**
   * A stream of JSONL. It fails, and never just ends, when a part cannot be read: a short export must not look whole.
   *
   * @throws DatasetNotFound, RefNotFound
   */
  async open(caller: Principal, datasetId: string, ref?: string): Promise<{ stream: Readable; commit: Commit }> {
    const { commit, layers } = await this.database.inTenant(caller.tenantId, async () => {
      const snapshot = await this.refs.resolve(datasetId, ref);
      const details = { commit: showId('cm', snapshot.commit.id), records: snapshot.commit.statistics?.records ?? 0 };
      await this.audit.append(caller, { action: 'dataset.export', resource: showId('ds', datasetId), details });
      return snapshot;
    });
    const stream = Readable.from(this.reader.stream(caller.tenantId, layers), { objectMode: false });
    return { stream, commit };
  }
}

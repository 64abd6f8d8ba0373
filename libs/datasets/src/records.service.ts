import type { Audit } from '#audit';
import type { Database } from '#database';
import { idAfter, type Page, type Principal, showId, toCursor } from '#kernel';
import { RecordNotFound } from './dataset.errors.ts';
import type { FindingRow } from './finding.entity.ts';
import type { RecordReader } from './record.reader.ts';
import type { RecordRepository } from './record.repository.ts';
import type { RecordVersion } from './record-version.entity.ts';
import type { Refs, Snapshot } from './refs.ts';

export interface ReadRecord {
  row: RecordVersion;
  /** JSON text, as it was imported. */
  content: string;
}

export interface ListRecords {
  ref?: string;
  limit: number;
  cursor?: string;
}

/** Reading records. What cannot be logged is not shown: the audit row is durable before any content leaves. */
export class RecordsService {
  constructor(
    private readonly database: Database,
    private readonly records: RecordRepository,
    private readonly reader: RecordReader,
    private readonly refs: Refs,
    private readonly audit: Audit,
  ) {}

  /** @throws DatasetNotFound, RefNotFound */
  snapshot(caller: Principal, datasetId: string, ref?: string): Promise<Snapshot> {
    return this.database.inTenant(caller.tenantId, () => this.refs.resolve(datasetId, ref));
  }

  /** In the order they came in. @throws DatasetNotFound, RefNotFound, BadCursor */
  async list(caller: Principal, datasetId: string, { ref, limit, cursor }: ListRecords): Promise<Page<ReadRecord>> {
    const after = idAfter(cursor);
    const rows = await this.database.inTenant(caller.tenantId, async () => {
      const { commit } = await this.refs.resolve(datasetId, ref);
      const found = await this.records.page(commit, limit + 1, after);
      const details = { commit: showId('cm', commit.id), records: Math.min(found.length, limit) };
      await this.audit.append(caller, { action: 'record.list', resource: showId('ds', datasetId), details });
      return found;
    });
    const items = rows.slice(0, limit);
    const nextCursor = rows.length > limit ? toCursor([items.at(-1)!.recordId]) : null;
    return { items: await this.read(caller, items), nextCursor };
  }

  /** @throws DatasetNotFound, RefNotFound, RecordNotFound */
  async get(caller: Principal, datasetId: string, recordId: string, ref?: string): Promise<ReadRecord> {
    const row = await this.database.inTenant(caller.tenantId, async () => {
      const found = await this.find(datasetId, recordId, ref);
      const details = { dataset: showId('ds', datasetId) };
      await this.audit.append(caller, { action: 'record.read', resource: showId('rec', recordId), details });
      return found;
    });
    const [record] = await this.read(caller, [row]);
    return record!;
  }

  /** @throws DatasetNotFound, RefNotFound, RecordNotFound */
  findings(caller: Principal, datasetId: string, recordId: string, ref?: string): Promise<FindingRow[]> {
    return this.database.inTenant(caller.tenantId, async () =>
      this.records.findings(await this.find(datasetId, recordId, ref)),
    );
  }

  private async find(datasetId: string, recordId: string, ref?: string): Promise<RecordVersion> {
    const { commit } = await this.refs.resolve(datasetId, ref);
    const row = await this.records.find(commit, recordId);
    if (!row) throw new RecordNotFound();
    return row;
  }

  private async read(caller: Principal, rows: RecordVersion[]): Promise<ReadRecord[]> {
    const contents = await this.reader.contents(caller.tenantId, rows);
    return rows.map((row, i) => ({ row, content: Buffer.from(contents[i]!).toString('utf8') }));
  }
}

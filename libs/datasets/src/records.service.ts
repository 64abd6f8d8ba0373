import type { Audit } from '#audit';
import type { Database } from '#database';
import { BadCursor, fromCursor, idAfter, type Page, type Principal, showId, toCursor } from '#kernel';
import { RecordNotFound } from './dataset.errors.ts';
import type { FindingRow } from './finding.entity.ts';
import type { RecordFilter } from './record.filter.ts';
import type { HistoryEntry, RecordHistory } from './record.history.ts';
import type { RecordRepository } from './record.repository.ts';
import type { StoredVersion } from './record-version.entity.ts';
import type { Refs, Snapshot } from './refs.ts';
import type { OpenView, RecordViewer } from './views/record.viewer.ts';

export interface ReadRecord {
  row: StoredVersion;
  /** JSON text, as it was imported or as a view shows it. */
  content: string;
}

/** As of which commit, and through which view. */
export interface Through {
  ref?: string;
  view?: string;
}

export interface ListRecords extends Through {
  limit: number;
  cursor?: string;
  filter?: RecordFilter;
}

/** Reading records. What cannot be logged is not shown: the audit row is durable before any content leaves. */
export class RecordsService {
  constructor(
    private readonly database: Database,
    private readonly records: RecordRepository,
    private readonly viewer: Pick<RecordViewer, 'open' | 'contents'>,
    private readonly refs: Refs,
    private readonly audit: Audit,
    private readonly changes: RecordHistory,
  ) {}

  /** @throws DatasetNotFound, RefNotFound */
  snapshot(caller: Principal, datasetId: string, ref?: string): Promise<Snapshot> {
    return this.database.inTenant(caller.tenantId, () => this.refs.resolve(datasetId, ref));
  }

  /** In the order they came in. @throws DatasetNotFound, RefNotFound, BadCursor, ViewNotFound, ViewUnusable */
  async list(
    caller: Principal,
    datasetId: string,
    { ref, view: name, limit, cursor, filter }: ListRecords,
  ): Promise<Page<ReadRecord> & { view: string | null }> {
    const after = idAfter(cursor);
    const view = await this.viewer.open(caller, datasetId, name);
    const rows = await this.database.inTenant(caller.tenantId, async () => {
      const { commit, layers } = await this.refs.resolve(datasetId, ref);
      const found = await this.records.page(layers, limit + 1, after, filter);
      const records = Math.min(found.length, limit);
      const details = { commit: showId('cm', commit.id), records, ...(view && { view: view.label }) };
      await this.audit.append(caller, { action: 'record.list', resource: showId('ds', datasetId), details });
      return found;
    });
    const items = rows.slice(0, limit);
    const nextCursor = rows.length > limit ? toCursor([items.at(-1)!.recordId]) : null;
    return { items: await this.read(caller, items, view), nextCursor, view: view?.label ?? null };
  }

  /** @throws DatasetNotFound, RefNotFound, RecordNotFound, ViewNotFound, ViewUnusable */
  async get(
    caller: Principal,
    datasetId: string,
    recordId: string,
    { ref, view: name }: Through = {},
  ): Promise<ReadRecord & { view: string | null }> {
    const view = await this.viewer.open(caller, datasetId, name);
    const row = await this.database.inTenant(caller.tenantId, async () => {
      const found = await this.find(datasetId, recordId, ref);
      const details = { dataset: showId('ds', datasetId), ...(view && { view: view.label }) };
      await this.audit.append(caller, { action: 'record.read', resource: showId('rec', recordId), details });
      return found;
    });
    const [record] = await this.read(caller, [row], view);
    return { ...record!, view: view?.label ?? null };
  }

  /** What became of a record up to a ref, newest first; also of one that is gone. @throws DatasetNotFound, RefNotFound, RecordNotFound, BadCursor */
  async history(
    caller: Principal,
    datasetId: string,
    recordId: string,
    { ref, limit, cursor }: ListRecords,
  ): Promise<Page<HistoryEntry>> {
    const before = timeBefore(cursor);
    return this.database.inTenant(caller.tenantId, async () => {
      const { layers } = await this.refs.resolve(datasetId, ref);
      const entries = await this.changes.page(layers, recordId, limit, before);
      if (entries.length === 0 && !before) throw new RecordNotFound();
      const items = entries.slice(0, limit);
      return { items, nextCursor: entries.length > limit ? toCursor([items.at(-1)!.at.toISOString()]) : null };
    });
  }

  /** @throws DatasetNotFound, RefNotFound, RecordNotFound */
  findings(caller: Principal, datasetId: string, recordId: string, ref?: string): Promise<FindingRow[]> {
    return this.database.inTenant(caller.tenantId, async () =>
      this.records.findings(await this.find(datasetId, recordId, ref)),
    );
  }

  private async find(datasetId: string, recordId: string, ref?: string): Promise<StoredVersion> {
    const { layers } = await this.refs.resolve(datasetId, ref);
    const row = await this.records.find(layers, recordId);
    if (!row) throw new RecordNotFound();
    return row;
  }

  private async read(caller: Principal, rows: StoredVersion[], view: OpenView | null): Promise<ReadRecord[]> {
    const contents = await this.viewer.contents(caller.tenantId, rows, view);
    return rows.map((row, i) => ({ row, content: Buffer.from(contents[i]!).toString('utf8') }));
  }
}

function timeBefore(cursor: string | undefined): Date | null {
  if (cursor === undefined) return null;
  const [at] = fromCursor(cursor, 1) ?? [];
  if (typeof at !== 'string' || !/^\d{4}-\d\d-\d\dT[\d:.]{8,12}Z$/.test(at)) throw new BadCursor();
  return new Date(at);
}

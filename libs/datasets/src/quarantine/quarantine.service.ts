import type { Audit } from '#audit';
import type { Database } from '#database';
import { idAfter, type Page, pageById, type Principal, showId } from '#kernel';
import type { DatasetRepository } from '../dataset.repository.ts';
import type { FindingRow } from '../finding.entity.ts';
import type { RecordReader } from '../record.reader.ts';
import type { RecordRepository } from '../record.repository.ts';
import type { ReadRecord } from '../records.service.ts';
import { QuarantineEnded, QuarantineItemNotFound } from './quarantine.errors.ts';
import type { QuarantineItem } from './quarantine-item.entity.ts';
import type { ItemFilter, QuarantineRepository } from './quarantine.repository.ts';

/** A record that is held back, and what was found in it; nothing any more once it is decided about. */
export interface SeenItem {
  item: QuarantineItem;
  findings: FindingRow[];
}

export interface QuarantineParts {
  database: Database;
  datasets: Pick<DatasetRepository, 'mustFind'>;
  items: QuarantineRepository;
  records: Pick<RecordRepository, 'findings'>;
  reader: Pick<RecordReader, 'contents'>;
  audit: Audit;
}

/** What gates hold back from the branches of a dataset. */
export class QuarantineService {
  constructor(private readonly parts: QuarantineParts) {}

  /** By age. @throws DatasetNotFound, BadCursor */
  list(
    caller: Principal,
    datasetId: string,
    { filter, limit, cursor }: { filter: ItemFilter; limit: number; cursor?: string },
  ): Promise<Page<QuarantineItem>> {
    const { database, datasets, items } = this.parts;
    const after = idAfter(cursor);
    return database.inTenant(caller.tenantId, async () => {
      await datasets.mustFind(datasetId);
      return pageById(await items.page(datasetId, filter, limit + 1, after), limit);
    });
  }

  /** Without its content. @throws DatasetNotFound, QuarantineItemNotFound */
  get(caller: Principal, datasetId: string, id: string): Promise<SeenItem> {
    const { database, items, records } = this.parts;
    return database.inTenant(caller.tenantId, async () => {
      const item = await this.mustFind(datasetId, id);
      const version = (await items.versions([item])).get(id);
      return { item, findings: version ? await records.findings(version) : [] };
    });
  }

  /** The record itself: that somebody looked is audited before. @throws DatasetNotFound, QuarantineItemNotFound, QuarantineEnded */
  async content(caller: Principal, datasetId: string, id: string): Promise<ReadRecord> {
    const { database, items, reader, audit } = this.parts;
    const row = await database.inTenant(caller.tenantId, async () => {
      const item = await this.mustFind(datasetId, id);
      const version = (await items.versions([item])).get(id);
      if (!version) throw new QuarantineEnded();
      const details = { dataset: showId('ds', datasetId), record: showId('rec', item.recordId) };
      await audit.append(caller, { action: 'quarantine.read', resource: showId('qi', id), details });
      return version;
    });
    const [line] = await reader.contents(caller.tenantId, [row]);
    return { row, content: Buffer.from(line!).toString('utf8') };
  }

  private async mustFind(datasetId: string, id: string): Promise<QuarantineItem> {
    await this.parts.datasets.mustFind(datasetId);
    const item = await this.parts.items.find(datasetId, id);
    if (!item) throw new QuarantineItemNotFound();
    return item;
  }
}

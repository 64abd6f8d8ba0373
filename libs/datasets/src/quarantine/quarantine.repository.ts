import type { SelectQueryBuilder } from 'typeorm';
import type { Database } from '#database';
import type { StoredVersion } from '../record-version.entity.ts';
import { keysOf, type VersionRow, versionOf } from '../version-row.ts';
import { type HeldAction, type ItemStatus, QuarantineItem } from './quarantine-item.entity.ts';

/** A record that is held back, as it goes in. */
export interface NewItem {
  id: string;
  recordId: string;
  action: HeldAction;
  basedOn: string | null;
  importId: string | null;
  segmentId: string;
  types: readonly string[];
  risk: number;
  createdBy: string;
}

/** Where it lies, and onto which branch it was to go. */
export interface HeldPlace {
  tenantId: string;
  datasetId: string;
  branch: string;
  holdingId: string;
  fromSeq: number;
  commitId: string;
}

export interface ItemFilter {
  type?: string;
  /** Index into `RISKS`: this one or higher. */
  minRisk?: number;
  branch?: string;
  status?: ItemStatus;
  importId?: string;
}

export interface Decision {
  status: 'released' | 'discarded';
  reason: string;
  decidedBy: string;
  releasedAs: string | null;
  anonymization: QuarantineItem['anonymization'];
}

const AT_ONCE = 5000;
const FIELDS =
  'id uuid, "recordId" uuid, action text, "basedOn" text, "importId" uuid, "segmentId" uuid, types text[], risk int, "createdBy" uuid';
/** What an import puts here counts when the import is through. */
const COUNTS = `EXISTS (SELECT FROM commits c WHERE c.id = item.commit_id AND c.state = 'held')`;
const ROWS = `USING unnest($1::uuid[], $2::uuid[], $3::bigint[]) AS k (branch_id, record_id, from_seq)
  WHERE t.branch_id = k.branch_id AND t.record_id = k.record_id AND t.from_seq = k.from_seq`;

/** Records that are held back; every method runs in the caller's transaction. */
export class QuarantineRepository {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  async insert(place: HeldPlace, items: readonly NewItem[]): Promise<void> {
    const { tenantId, datasetId, branch, holdingId, fromSeq, commitId } = place;
    for (let at = 0; at < items.length; at += AT_ONCE) {
      await this.database.query(
        `INSERT INTO quarantine_items (tenant_id, dataset_id, branch, holding_id, from_seq, commit_id, id, record_id, action,
           based_on, import_id, segment_id, types, risk, created_by)
         SELECT $1, $2, $3, $4, $5, $6, r.* FROM jsonb_to_recordset($7) AS r (${FIELDS})`,
        [tenantId, datasetId, branch, holdingId, fromSeq, commitId, JSON.stringify(items.slice(at, at + AT_ONCE))],
      );
    }
  }

  /** By age. */
  page(datasetId: string, filter: ItemFilter, limit: number, after: string | null): Promise<QuarantineItem[]> {
    const query = this.within(datasetId).orderBy('item.id').limit(limit);
    const { type, minRisk, branch, status, importId } = filter;
    if (after !== null) query.andWhere('item.id > :after', { after });
    if (type !== undefined) query.andWhere(':type = ANY(item.types)', { type });
    if (minRisk !== undefined) query.andWhere('item.risk >= :minRisk', { minRisk });
    if (branch !== undefined) query.andWhere('item.branch = :branch', { branch });
    // Written out, so that the index over those that are held is known to do.
    if (status !== undefined) query.andWhere(`item.status = '${status}'`);
    if (importId !== undefined) query.andWhere('item.importId = :importId', { importId });
    return query.getMany();
  }

  find(datasetId: string, id: string): Promise<QuarantineItem | null> {
    return this.within(datasetId).andWhere('item.id = :id', { id }).getOne();
  }

  findAll(datasetId: string, ids: readonly string[]): Promise<QuarantineItem[]> {
    return this.within(datasetId).andWhere('item.id = ANY(:ids::uuid[])', { ids }).orderBy('item.id').getMany();
  }

  /** The same, which nobody else decides about before the transaction ends. */
  lock(datasetId: string, ids: readonly string[]): Promise<QuarantineItem[]> {
    const query = this.within(datasetId).andWhere('item.id = ANY(:ids::uuid[])', { ids });
    return query.orderBy('item.id').setLock('pessimistic_write').getMany();
  }

  /** Their rows, by item. */
  async versions(items: readonly QuarantineItem[]): Promise<Map<string, StoredVersion>> {
    const rows = await this.database.query<VersionRow & { item_id: string }>(
      `SELECT v.*, k.id AS item_id
         FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::uuid[]) AS k (branch_id, record_id, from_seq, id)
         JOIN record_versions v USING (branch_id, record_id, from_seq)`,
      [...rowsOf(items), items.map(({ id }) => id)],
    );
    return new Map(rows.map((row) => [row.item_id, versionOf(row)]));
  }

  /** Says what became of them, and takes their rows away: what was released has others by now. */
  async decide(items: readonly QuarantineItem[], decision: Decision): Promise<void> {
    const { status, reason, decidedBy, releasedAs, anonymization } = decision;
    const ids = items.map(({ id }) => id);
    await this.database.query(
      `UPDATE quarantine_items SET status = $2, reason = $3, decided_by = $4, decided_at = now(), released_as = $5, anonymization = $6
        WHERE id = ANY($1::uuid[])`,
      [ids, status, reason, decidedBy, releasedAs, anonymization && JSON.stringify(anonymization)],
    );
    await this.database.query(`DELETE FROM findings t ${ROWS}`, rowsOf(items));
    await this.database.query(`DELETE FROM record_versions t ${ROWS}`, rowsOf(items));
  }

  /**
   * Takes away the keys of segments that were made for what is held back alone, once all in them was discarded, or released as
   * something else. Who decides
   * in the same one at the same time waits, and then sees what this one did.
   */
  async removeEmptied(items: readonly QuarantineItem[]): Promise<string[]> {
    const ids = [...new Set(items.map(({ segmentId }) => segmentId))];
    await this.database.query('SELECT id FROM segments WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE', [ids]);
    const gone = await this.database.query<{ id: string }>(
      `DELETE FROM segments s USING commits c WHERE s.id = ANY($1::uuid[]) AND c.id = s.commit_id AND c.state = 'held'
          AND NOT EXISTS (SELECT FROM quarantine_items i
            WHERE i.segment_id = s.id AND (i.status = 'held' OR i.status = 'released' AND i.anonymization IS NULL))
        RETURNING s.id`,
      [ids],
    );
    return gone.map(({ id }) => id);
  }

  /** Of a commit that was given up. */
  async clear(commitId: string): Promise<void> {
    await this.database.query('DELETE FROM quarantine_items WHERE commit_id = $1', [commitId]);
  }

  private within(datasetId: string): SelectQueryBuilder<QuarantineItem> {
    const query = this.database.repository(QuarantineItem).createQueryBuilder('item');
    return query.where(`item.datasetId = :datasetId AND ${COUNTS}`, { datasetId });
  }
}

/** Held rows lie on the branch that holds them. */
function rowsOf(items: readonly QuarantineItem[]): unknown[] {
  return keysOf(items.map(({ holdingId: branchId, recordId, fromSeq }) => ({ branchId, recordId, fromSeq })));
}

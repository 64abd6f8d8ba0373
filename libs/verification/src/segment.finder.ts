import { type KeyService, openSegment } from '#crypto';
import type { Database } from '#database';
import { VaultError } from '#kernel';
import { findSegment, type SegmentRow, segmentKeyOf } from './segment.row.ts';

export interface FoundSegment {
  id: string;
  tenantId: string;
  datasetId: string;
  records: number;
  /** Whether these bytes are what was sealed as this segment, all of it. */
  opens(bytes: Uint8Array): Promise<boolean>;
}

/** Finds the row of an object, whichever tenant it belongs to. */
export class SegmentFinder {
  constructor(
    private readonly database: Database,
    private readonly keys: KeyService,
    private readonly tenants: () => Promise<{ id: string }[]>,
  ) {}

  async find(id: string): Promise<FoundSegment | null> {
    for (const tenant of await this.tenants()) {
      const row = await findSegment(this.database, tenant.id, id);
      if (!row) continue;
      const { tenantId, dataset_id: datasetId, records } = row;
      return { id, tenantId, datasetId, records, opens: (bytes) => this.opens(row, bytes) };
    }
    return null;
  }

  private async opens(row: SegmentRow, bytes: Uint8Array): Promise<boolean> {
    const place = { tenantId: row.tenantId, datasetId: row.dataset_id, segmentId: row.id };
    const key = await this.keys.openSegmentKey(place, segmentKeyOf(row));
    const sealed = { ...place, key, noncePrefix: row.nonce_prefix, blockCount: row.block_offsets.length - 1 };
    try {
      let records = 0;
      for (const block of openSegment(sealed, bytes)) records += block.count;
      return records === row.records;
    } catch (error) {
      if (error instanceof VaultError && error.wireCode === 'SEGMENT_CORRUPT') return false;
      throw error;
    }
  }
}

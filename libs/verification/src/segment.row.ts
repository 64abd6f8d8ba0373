import type { WrappedSegmentKey } from '#crypto';
import type { Database } from '#database';

/** As much of a segment's row as checking takes. */
export interface SegmentRow {
  id: string;
  tenantId: string;
  dataset_id: string;
  tenant_key_version: number;
  key_salt: Buffer;
  key_wrapped: Buffer;
  key_commitment: Buffer;
  nonce_prefix: Buffer;
  block_offsets: number[];
  records: number;
  sealed_bytes: number;
}

const COLUMNS = `id, dataset_id, tenant_key_version, key_salt, key_wrapped, key_commitment, nonce_prefix, block_offsets,
  records, sealed_bytes`;
const PAGE = 500;
const FIRST = '00000000-0000-0000-0000-000000000000';

/** Every segment of a tenant, by id. Each page is a transaction of its own. */
export async function* segmentsOf(database: Database, tenantId: string): AsyncGenerator<SegmentRow> {
  for (let after = FIRST; ;) {
    const rows = await database.inTenant(tenantId, () =>
      database.query<SegmentRow>(`SELECT ${COLUMNS} FROM segments WHERE id > $1 ORDER BY id LIMIT ${PAGE}`, [after]),
    );
    for (const row of rows) yield { ...row, tenantId };
    if (rows.length < PAGE) return;
    after = rows.at(-1)!.id;
  }
}

/**
 * Objects that are seen to by others: of uploads under way, of which nothing is published yet, and those that are written
 * down as left over.
 */
export async function otherObjectsOf(database: Database, tenantId: string): Promise<string[]> {
  const rows = await database.inTenant(tenantId, () =>
    database.query<{ object: string }>('SELECT object FROM upload_parts UNION ALL SELECT object FROM leftover_objects'),
  );
  return rows.map(({ object }) => object);
}

export async function findSegment(database: Database, tenantId: string, id: string): Promise<SegmentRow | null> {
  const [row] = await database.inTenant(tenantId, () =>
    database.query<SegmentRow>(`SELECT ${COLUMNS} FROM segments WHERE id = $1`, [id]),
  );
  return row ? { ...row, tenantId } : null;
}

export function segmentKeyOf(row: SegmentRow): WrappedSegmentKey {
  return {
    tenantKeyVersion: row.tenant_key_version,
    salt: row.key_salt,
    wrapped: row.key_wrapped,
    commitment: row.key_commitment,
  };
}

import type { Database } from '#database';
import type { Layer } from './layers.ts';
import type { RecordFilter } from './record.filter.ts';
import type { RecordRepository } from './record.repository.ts';
import type { StoredVersion } from './record-version.entity.ts';

/**
 * The rows of records seen through layers, a page at a time and in the order they came in, each page in a transaction of its
 * own. The next page is fetched while one is looked at.
 */
export async function* pagesOf(
  database: Database,
  records: RecordRepository,
  { tenantId, layers, filter }: { tenantId: string; layers: readonly Layer[]; filter?: RecordFilter },
  size: number,
): AsyncGenerator<StoredVersion[]> {
  const after = (id: string | null): Promise<StoredVersion[]> => {
    const page = database.inTenant(tenantId, () => records.page(layers, size, id, filter));
    // Awaited in the next round: a failure meanwhile must not count as unhandled.
    page.catch(() => undefined);
    return page;
  };
  let next = after(null);
  for (;;) {
    const page = await next;
    const last = page.at(-1);
    if (!last) return;
    next = after(last.recordId);
    yield page;
  }
}

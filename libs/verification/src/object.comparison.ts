import type { Database } from '#database';
import type { BlobStore, StoredBlob } from '#storage';
import { findSegment, otherObjectsOf, segmentsOf } from './segment.row.ts';
import type { Findings } from './verification.report.ts';

/** An object is stored before its row: a young one without may belong to a write that is under way. */
const YOUNG_MS = 3_600_000;

export interface Comparison {
  segments: number;
  objects: number;
  orphans: string[];
}

/**
 * What the database names against what is stored. The objects are listed first: what is stored meanwhile looks missing
 * then, and what is cleared meanwhile looks forgotten, so whatever is odd is looked at a second time by itself.
 */
export async function compareObjects(
  database: Database,
  blobs: BlobStore,
  tenantIds: readonly string[],
  findings: Findings,
): Promise<Comparison> {
  const unnamed = new Map<string, StoredBlob>();
  for await (const blob of blobs.list('')) unnamed.set(blob.key, blob);
  const objects = unnamed.size;
  let segments = 0;
  for (const tenantId of tenantIds) {
    for await (const row of segmentsOf(database, tenantId)) {
      segments += 1;
      const blob = unnamed.get(row.id);
      unnamed.delete(row.id);
      if (blob?.size === row.sealed_bytes) continue;
      const damage = await lookAgain(database, blobs, tenantId, row.id);
      if (damage) findings.add({ ...damage, id: row.id, tenant: tenantId });
    }
    for (const object of await otherObjectsOf(database, tenantId)) unnamed.delete(object);
  }
  const old = [...unnamed.values()].filter(({ modified }) => Date.now() - modified.getTime() > YOUNG_MS);
  return { segments, objects, orphans: old.map(({ key }) => key) };
}

async function lookAgain(
  database: Database,
  blobs: BlobStore,
  tenantId: string,
  id: string,
): Promise<{ kind: 'object-missing' | 'object-of-wrong-size'; detail: string } | null> {
  let found: StoredBlob | undefined;
  for await (const blob of blobs.list(id)) found ??= blob.key === id ? blob : undefined;
  const row = await findSegment(database, tenantId, id);
  if (!row || found?.size === row.sealed_bytes) return null;
  const expected = `${row.sealed_bytes} bytes and ${row.records} records`;
  if (!found) return { kind: 'object-missing', detail: `the object of ${expected} is not in the store` };
  return { kind: 'object-of-wrong-size', detail: `it has ${found.size} bytes instead of ${expected}` };
}

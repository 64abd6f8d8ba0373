import type { Database } from '#database';
import { BlobNotFound, type BlobStore, type StoredBlob } from '#storage';
import { findSegment, otherObjectsOf, segmentsOf } from './segment.row.ts';
import type { Findings } from './verification.report.ts';

/** An object is stored before its row: a young one without may belong to a write that is under way. */
const YOUNG_MS = 3_600_000;

export interface Comparison {
  segments: number;
  objects: number;
  orphans: string[];
}

/** Objects that are looked at again at once: it takes a store a while to be sure that something is missing. */
const AT_ONCE = 16;

/**
 * What the database names against what is stored. The objects are listed first: what is stored meanwhile looks missing
 * then, and what is cleared meanwhile looks forgotten, and a store may be late with its lists. So whatever is odd is
 * looked at a second time by its key, and only then believed.
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
    const odd: string[] = [];
    const lookAgain = async (ids: readonly string[]): Promise<void> => {
      const damages = await Promise.all(ids.map((id) => damageOf(database, blobs, tenantId, id)));
      for (const [at, damage] of damages.entries()) {
        if (damage) findings.add({ ...damage, id: ids[at]!, tenant: tenantId });
      }
    };
    for await (const row of segmentsOf(database, tenantId)) {
      segments += 1;
      const blob = unnamed.get(row.id);
      unnamed.delete(row.id);
      if (blob?.size === row.sealed_bytes) continue;
      odd.push(row.id);
      if (odd.length === AT_ONCE) await lookAgain(odd.splice(0));
    }
    await lookAgain(odd.splice(0));
    for (const object of await otherObjectsOf(database, tenantId)) unnamed.delete(object);
  }
  const old = [...unnamed.values()].filter(({ modified }) => Date.now() - modified.getTime() > YOUNG_MS);
  return { segments, objects, orphans: old.map(({ key }) => key) };
}

async function damageOf(
  database: Database,
  blobs: BlobStore,
  tenantId: string,
  id: string,
): Promise<{ kind: 'object-missing' | 'object-of-wrong-size'; detail: string } | null> {
  const size = await sizeOf(blobs, id);
  const row = await findSegment(database, tenantId, id);
  if (!row || size === row.sealed_bytes) return null;
  const expected = `${row.sealed_bytes} bytes and ${row.records} records`;
  if (size === null) return { kind: 'object-missing', detail: `the object of ${expected} is not in the store` };
  return { kind: 'object-of-wrong-size', detail: `it has ${size} bytes instead of ${expected}` };
}

async function sizeOf(blobs: BlobStore, id: string): Promise<number | null> {
  try {
    return (await blobs.get(id)).length;
  } catch (error) {
    if (error instanceof BlobNotFound) return null;
    throw error;
  }
}

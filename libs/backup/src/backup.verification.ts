import { rowsIn } from '#database';
import { BackupAltered } from './backup.errors.ts';
import { eachOf, hashOf, isThere, read, sizesIn } from './object.copies.ts';
import type { OpenedBackup } from './opened.backup.ts';

export interface BackupVerdict {
  name: string;
  created_at: string;
  rows: number;
  objects: number;
  deep: boolean;
}

/**
 * Reads a backup back: every part opens and has the rows that the manifest says, and every object is there; with `deep`
 * also each object's bytes.
 *
 * @throws BackupAltered naming what is not as it was
 */
export async function verifyBackup(backup: OpenedBackup, { deep }: { deep: boolean }): Promise<BackupVerdict> {
  const { name, created_at, tables, objects } = backup.manifest;
  const counted = tables.map(() => 0);
  for await (const { table, bytes } of backup.frames()) counted[table]! += rowsIn(Buffer.from(bytes));
  tables.forEach((table, index) => {
    if (table.rows !== counted[index]) throw new BackupAltered(name, `${table.name} has ${counted[index]} rows`);
  });
  const rows = counted.reduce((sum, count) => sum + count, 0);
  const listed = await backup.objects();
  if (objects.copied) await verifyObjects(backup, listed, deep);
  return { name, created_at, rows, objects: listed.length, deep };
}

async function verifyObjects(
  { manifest: { name }, place }: OpenedBackup,
  listed: Awaited<ReturnType<OpenedBackup['objects']>>,
  deep: boolean,
): Promise<void> {
  const sizes = await sizesIn(place.objects);
  await eachOf(listed, async ({ id, bytes }) => {
    // What the list does not know, or knows with another size, may have been stored or replaced a moment ago.
    const named = sizes.get(id) === bytes;
    const whole = named
      ? await isThere(place.objects, { id, bytes })
      : (await read(place.objects, id))?.length === bytes;
    if (!whole) throw new BackupAltered(name, `object ${id} is missing or cut`);
  });
  if (!deep) return;
  await eachOf(listed, async ({ id, sha256 }) => {
    const content = await read(place.objects, id);
    if (!content || hashOf(content) !== sha256) throw new BackupAltered(name, `object ${id} has other bytes`);
  });
}

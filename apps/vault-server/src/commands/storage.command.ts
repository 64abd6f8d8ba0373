import { readFile } from 'node:fs/promises';
import { Audit } from '#audit';
import { UserRepository } from '#auth';
import { describeSegment } from '#crypto';
import { isUuid, showId, VaultError } from '#kernel';
import { fetchObjectVersion } from '#storage';
import { type FoundSegment, SegmentFinder } from '#verification';
import type { Platform } from '../platform.ts';
import { readSettings } from '../settings.ts';
import { withPlatform } from './with-platform.ts';

export interface InspectOptions {
  key?: string;
  json: boolean;
}

/** Says what an object is: a file by its header alone, a stored one also by its row, and whether it opens. */
export async function inspectObject(file: string | undefined, { key, json }: InspectOptions): Promise<number> {
  if ((file === undefined) === (key === undefined)) return refuse('name a file, or a stored object with --key');
  if (file !== undefined) {
    const header = describeSegment(await readFile(file));
    tell({ file, is_segment: header !== null, ...header }, json);
    return header ? 0 : 1;
  }
  return withPlatform(async (platform) => {
    const id = idOf(key!);
    if (!id) return refuse('expected the name of an object, such as data/0199…');
    const bytes = await platform.blobs.get(id);
    const found = await finderOf(platform).find(id);
    const opens = found ? await found.opens(bytes) : null;
    const row = found && {
      tenant: showId('ten', found.tenantId),
      dataset: showId('ds', found.datasetId),
      records: found.records,
    };
    const header = describeSegment(bytes);
    tell({ key: id, is_segment: header !== null, ...header, named: found !== null, ...row, opens }, json);
    return header && opens ? 0 : 1;
  });
}

export interface RestoreOptions {
  key: string;
  versionId?: string;
  from?: string;
  json: boolean;
}

/**
 * Puts an earlier version of an object back, or one out of a file: only when it opens as the segment it is to be, and
 * only when what is there now does not.
 */
export function restoreObject({ key, versionId, from, json }: RestoreOptions): Promise<number> {
  return withPlatform(async (platform) => {
    const id = idOf(key);
    if (!id || (versionId === undefined) === (from === undefined))
      return refuse('expected --key data/<id>, and --version-id or --from');
    const found = await finderOf(platform).find(id);
    if (!found) return refuse('no row of the database names this object: there is no key that would open it');
    const { settings } = readSettings();
    const bytes =
      from === undefined ? await fetchObjectVersion(settings.storage, id, versionId!) : await readFile(from);
    if (!(await found.opens(bytes))) return refuse('that version does not open as this segment; nothing was changed');
    const done = await replace(platform, found, bytes);
    const words = done ? 'restored: it opens' : 'nothing to do: the object that is there opens';
    console.log(json ? JSON.stringify({ key: id, restored: done, bytes: bytes.length }) : words);
    return 0;
  });
}

async function replace({ database, blobs }: Platform, found: FoundSegment, bytes: Uint8Array): Promise<boolean> {
  const { id, tenantId } = found;
  const there = await blobs.get(id).catch((error: unknown) => {
    if (error instanceof VaultError && error.wireCode === 'BLOB_NOT_FOUND') return null;
    throw error;
  });
  if (there && (await found.opens(there))) return false;
  await database.inTenant(tenantId, async () => {
    const details = { segment: id, bytes: bytes.length, was_missing: there === null };
    const entry = { action: 'storage.restore', resource: showId('ds', found.datasetId), details };
    await new Audit(database).append({ id: null, tenantId }, entry);
    if (there) await blobs.delete(id);
    await blobs.put(id, bytes);
  });
  return true;
}

function finderOf({ database, keys }: Platform): SegmentFinder {
  const users = new UserRepository(database);
  return new SegmentFinder(database, keys, () => users.tenants());
}

/** `data/<id>` as operators see it in the bucket, or the id alone. */
function idOf(key: string): string | null {
  const id = key.slice(key.lastIndexOf('/') + 1);
  return isUuid(id) ? id : null;
}

function tell(facts: Record<string, unknown>, json: boolean): void {
  if (json) console.log(JSON.stringify(facts));
  else for (const [name, value] of Object.entries(facts)) console.log(`${name}: ${String(value)}`);
}

function refuse(why: string): number {
  console.error(why);
  return 1;
}

import { createHash } from 'node:crypto';
import { BackupKey, type KeyManagement } from '#crypto';
import { VaultError } from '#kernel';
import type { BlobStore } from '#storage';
import { BackupAltered, BackupKeyMissing, BackupNotFound } from './backup.errors.ts';
import {
  isSealed,
  type Manifest,
  manifestKey,
  manifestSchema,
  NAME,
  partKey,
  type Seal,
  sealKeyOf,
  sealSchema,
  wrappedKeyOf,
} from './backup.manifest.ts';
import type { BackupPlace } from './backup.place.ts';
import { type ListedObject, objectsIn } from './object.list.ts';
import { type Frame, unpackFrames } from './part.frames.ts';

export interface BackupSummary {
  name: string;
  created_at: string;
  vault_version: string;
  root_key_id: string;
  rows: number;
  objects: number;
  bytes: number;
}

/** A backup whose manifest is proven to be ours. Parts are proven as they are read. */
export class OpenedBackup {
  private constructor(
    readonly manifest: Manifest,
    readonly place: BackupPlace,
    private readonly key: BackupKey,
  ) {}

  /**
   * The backup of that name, or the newest.
   *
   * @throws BackupNotFound, BackupKeyMissing, BackupAltered, StorageUnavailable
   */
  static async open(place: BackupPlace, kms: KeyManagement, name?: string): Promise<OpenedBackup> {
    const wanted = name ?? (await namesIn(place.parts)).at(-1);
    if (wanted === undefined) throw new BackupNotFound('backup at this place');
    const { manifest, bytes } = await readManifest(place.parts, wanted);
    const { root_key_id: keyId } = manifest.key;
    if (!kms.keyIds().includes(keyId)) throw new BackupKeyMissing(keyId, kms.keyIds().join(', '));
    const key = await BackupKey.open(kms, wanted, wrappedKeyOf(manifest)).catch(() => {
      throw new BackupAltered(wanted, 'its key does not open');
    });
    const seal = await readSeal(place.parts, wanted);
    if (!isSealed(bytes, seal, key)) throw new BackupAltered(wanted, 'the manifest is not the one that was signed');
    return new OpenedBackup(manifest, place, key);
  }

  /** The rows of all tables, in order. @throws BackupAltered naming the part */
  async *frames(): AsyncGenerator<Frame> {
    for await (const frame of this.partsOf('tables')) {
      if (frame.table >= this.manifest.tables.length)
        throw new BackupAltered(this.manifest.name, 'a table is not known');
      yield frame;
    }
  }

  /** Every object it names. @throws BackupAltered */
  async objects(): Promise<ListedObject[]> {
    const objects: ListedObject[] = [];
    for await (const { bytes } of this.partsOf('objects')) objects.push(...objectsIn(bytes));
    const { count } = this.manifest.objects;
    if (objects.length !== count) throw new BackupAltered(this.manifest.name, 'the list of objects is not whole');
    return objects;
  }

  private async *partsOf(kind: Manifest['parts'][number]['kind']): AsyncGenerator<Frame> {
    for (const [index, part] of this.manifest.parts.entries()) if (part.kind === kind) yield* await this.part(index);
  }

  private async part(index: number): Promise<Frame[]> {
    const { name, parts } = this.manifest;
    const key = partKey(name, index);
    const sealed = await this.place.parts.get(key).catch((error: unknown) => {
      throw isMissing(error) ? new BackupAltered(name, `${key} is missing`) : error;
    });
    const digest = createHash('sha256').update(sealed).digest('hex');
    if (digest !== parts[index]!.sha256) throw new BackupAltered(name, `${key} has other bytes`);
    const opened = this.key.openPart(index, sealed);
    const frames = opened && unpackFrames(opened);
    if (!frames) throw new BackupAltered(name, `${key} does not open`);
    return frames;
  }
}

/** What there is at a place, oldest first, by what the manifests say: not proven. */
export async function listBackups({ parts }: BackupPlace): Promise<BackupSummary[]> {
  const summaries: BackupSummary[] = [];
  for (const name of await namesIn(parts)) {
    const { manifest } = await readManifest(parts, name);
    summaries.push({
      name,
      created_at: manifest.created_at,
      vault_version: manifest.vault_version,
      root_key_id: manifest.key.root_key_id,
      rows: manifest.tables.reduce((sum, { rows }) => sum + rows, 0),
      objects: manifest.objects.count,
      bytes: manifest.objects.bytes + manifest.parts.reduce((sum, { bytes }) => sum + bytes, 0),
    });
  }
  return summaries;
}

/** The manifest is written last: what has none was never finished. */
async function namesIn(store: BlobStore): Promise<string[]> {
  const names: string[] = [];
  for await (const { key } of store.list('vault-')) {
    const name = key.slice(0, -'.manifest.json'.length);
    if (key === manifestKey(name) && NAME.test(name)) names.push(name);
  }
  return names.sort();
}

async function readManifest(store: BlobStore, name: string): Promise<{ manifest: Manifest; bytes: Uint8Array }> {
  const bytes = NAME.test(name) ? await store.get(manifestKey(name)).catch(absent) : null;
  if (!bytes) throw new BackupNotFound(`backup ${name}`);
  const manifest = manifestSchema.safeParse(parsed(bytes));
  if (!manifest.success || manifest.data.name !== name) throw new BackupAltered(name, 'the manifest cannot be read');
  return { manifest: manifest.data, bytes };
}

async function readSeal(store: BlobStore, name: string): Promise<Seal> {
  const bytes = await store.get(sealKeyOf(name)).catch(absent);
  const seal = sealSchema.safeParse(bytes && parsed(bytes));
  if (!seal.success) throw new BackupAltered(name, 'its signature is missing, or cannot be read');
  return seal.data;
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return null;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof VaultError && error.code === 'blob-not-found';
}

function absent(error: unknown): null {
  if (isMissing(error)) return null;
  throw error;
}

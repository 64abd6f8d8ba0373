import { access, constants, mkdir, open, readdir, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  BlobExists,
  BlobNotFound,
  BlobStore,
  BlobTooShort,
  type ByteRange,
  checkKey,
  checkRange,
  isKey,
  type StoredBlob,
} from '../blob-store.ts';
import { codeOf, linkDurably, makeFolderDurably, readRange, syncFolder, writeDurably } from './durable-file.ts';
import { guarded } from './guarded.ts';
import { sweepTemporaries, temporaryName } from './temporary-names.ts';

/**
 * Characters of a key that name its folder. Of a UUID v7 the first seven change every 17 minutes, so no folder grows
 * without end, and folders in order are keys in order.
 */
const FOLDER_CHARS = 7;

/**
 * Objects as files: `<root>/data/<first 7 of key>/<key>`. A file appears under its name complete and on disk, or not at
 * all. Several processes may use one root; the file system has to know hard links.
 */
export class FsBlobStore extends BlobStore {
  private readonly data: string;
  private readonly temporary: string;
  /** Folders this process has seen on disk: one that another made may not be there after a power cut. */
  private readonly folders = new Set<string>();

  private constructor(root: string) {
    super();
    this.data = join(root, 'data');
    this.temporary = join(root, 'tmp');
  }

  /** Makes the folders where they are missing and sweeps what dead processes left. @throws StorageUnavailable */
  static async open(root: string): Promise<FsBlobStore> {
    const store = new FsBlobStore(root);
    return guarded(async () => {
      await makeFolderDurably(store.data);
      await makeFolderDurably(store.temporary);
      await sweepTemporaries(store.temporary);
      return store;
    });
  }

  override async put(key: string, bytes: Uint8Array): Promise<void> {
    const path = this.pathOf(key);
    const temporary = join(this.temporary, temporaryName());
    await guarded(async () => {
      await this.prepareFolder(dirname(path));
      await writeDurably(temporary, bytes);
      try {
        if (!(await linkDurably(temporary, path))) await confirmSame(key, path, bytes);
      } finally {
        await unlink(temporary).catch(() => undefined);
      }
    });
  }

  override async get(key: string, range?: ByteRange): Promise<Uint8Array> {
    checkRange(range);
    const path = this.pathOf(key);
    return guarded(async () => {
      const handle = await open(path, 'r').catch((error: unknown) => {
        throw codeOf(error) === 'ENOENT' ? new BlobNotFound(key) : error;
      });
      try {
        const { start, end } = range ?? { start: 0, end: (await handle.stat()).size };
        const bytes = await readRange(handle, start, end);
        if (bytes.length !== end - start) throw new BlobTooShort(key);
        return bytes;
      } finally {
        await handle.close();
      }
    });
  }

  override async delete(key: string): Promise<void> {
    const path = this.pathOf(key);
    await guarded(async () => {
      try {
        await unlink(path);
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return;
        throw error;
      }
      await syncFolder(dirname(path));
    });
  }

  override async *list(prefix: string, after = ''): AsyncGenerator<StoredBlob> {
    const start = prefix.slice(0, FOLDER_CHARS);
    const folders = await guarded(() => readdir(this.data));
    for (const folder of folders.filter(isKey).sort()) {
      if (!folder.startsWith(start) || folder < after.slice(0, FOLDER_CHARS)) continue;
      const keys = await guarded(() => readdir(join(this.data, folder)));
      for (const key of keys.sort()) {
        if (!key.startsWith(prefix) || key <= after || !isKey(key)) continue;
        const blob = await this.stat(key);
        if (blob) yield blob;
      }
    }
  }

  override async ping(): Promise<void> {
    await guarded(() => access(this.data, constants.R_OK | constants.W_OK));
  }

  private async prepareFolder(folder: string): Promise<void> {
    if (this.folders.has(folder)) return;
    // Without its parents: when the volume is not mounted, objects must not go to the disk below it.
    await mkdir(folder, { mode: 0o700 }).catch((error: unknown) => {
      if (codeOf(error) !== 'EEXIST') throw error;
    });
    await syncFolder(this.data);
    this.folders.add(folder);
  }

  private async stat(key: string): Promise<StoredBlob | null> {
    return guarded(async () => {
      try {
        const { size, mtime } = await stat(this.pathOf(key));
        return { key, size, modified: mtime };
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return null;
        throw error;
      }
    });
  }

  private pathOf(key: string): string {
    checkKey(key);
    return join(this.data, key.slice(0, FOLDER_CHARS), key);
  }
}

/**
 * A put of what is there already: done when the bytes are the same. The earlier writer may have died between its link
 * and its sync, so the file and its name are synced again before anybody relies on them.
 */
async function confirmSame(key: string, path: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    const same = size === bytes.length && Buffer.compare(await readRange(handle, 0, size), bytes) === 0;
    if (!same) throw new BlobExists(key);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await syncFolder(dirname(path));
}

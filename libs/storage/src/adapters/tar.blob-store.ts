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
import type { ArchivedEntry, TarArchive } from './tar.archive.ts';

/** Objects as entries of a tar file, in one of its folders: several stores may share one file. For backups that move as one. */
export class TarBlobStore extends BlobStore {
  /** @param folder within the archive: empty, or ending with a slash */
  constructor(
    private readonly archive: TarArchive,
    private readonly folder = '',
  ) {
    super();
  }

  override async put(key: string, bytes: Uint8Array): Promise<void> {
    const { entry, isNew } = await this.archive.add(this.nameOf(key), bytes);
    if (isNew) return;
    const isSame = entry.size === bytes.length && Buffer.compare(await this.read(entry), bytes) === 0;
    if (!isSame) throw new BlobExists(key);
  }

  override async get(key: string, range?: ByteRange): Promise<Uint8Array> {
    checkRange(range);
    const entry = (await this.archive.index()).get(this.nameOf(key));
    if (!entry) throw new BlobNotFound(key);
    const bytes = await this.read(entry, range);
    if (bytes.length !== (range ? range.end - range.start : entry.size)) throw new BlobTooShort(key);
    return bytes;
  }

  override async delete(key: string): Promise<void> {
    await this.archive.remove(this.nameOf(key));
  }

  override async *list(prefix: string, after = ''): AsyncGenerator<StoredBlob> {
    const entries = [...(await this.archive.index()).values()].filter(({ name }) => name.startsWith(this.folder));
    const blobs = entries.map(({ name, ...entry }) => ({ ...entry, key: name.slice(this.folder.length) }));
    blobs.sort((one, other) => (one.key < other.key ? -1 : 1));
    for (const { key, size, modified } of blobs)
      if (key.startsWith(prefix) && key > after && isKey(key)) yield { key, size, modified };
  }

  override async ping(): Promise<void> {
    await this.archive.index();
  }

  private async read(
    entry: ArchivedEntry,
    { start, end }: ByteRange = { start: 0, end: entry.size },
  ): Promise<Uint8Array> {
    return this.archive.read(entry, start, end);
  }

  private nameOf(key: string): string {
    checkKey(key);
    return `${this.folder}${key}`;
  }
}

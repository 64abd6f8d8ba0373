import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { defineError, VaultError } from '#kernel';
import { codeOf, makeFolderDurably, readRange, syncFolder } from './durable-file.ts';
import { guarded } from './guarded.ts';
import { END_BYTES, HEADER_BYTES, inBlocks, readTarHeader, type TarEntry, tarHeader } from './tar.header.ts';

export const ArchiveNotReadable = defineError(
  'archive-not-readable',
  'conflict',
  () => 'The file is no tar archive of this program, or something else has written to it meanwhile.',
);

export interface ArchivedEntry extends TarEntry {
  /** Where its content begins in the file, in bytes. */
  at: number;
}

/** What an entry is renamed to when it is deleted. */
const DELETED = '.deleted';

/**
 * One tar file that grows at its end. An entry counts when it is whole: what a crash left half written is written over.
 * One program at a time may write; a second one is refused at its next entry.
 */
export class TarArchive {
  private readonly entries = new Map<string, ArchivedEntry>();
  /** Where the next entry goes; null until the file was read. */
  private end: number | null = null;
  private size = 0;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly path: string) {}

  /** Entries by name, the last of each. @throws ArchiveNotReadable, StorageUnavailable */
  async index(): Promise<ReadonlyMap<string, ArchivedEntry>> {
    return this.inTurn(async () => {
      await this.readIndex();
      return this.entries;
    });
  }

  /** The bytes from `start` up to `end` of an entry's content, or fewer where the file ends before. */
  async read(entry: ArchivedEntry, start: number, end: number): Promise<Uint8Array> {
    return this.withFile('r', (file) =>
      readRange(file, entry.at + start, entry.at + Math.max(start, Math.min(end, entry.size))),
    );
  }

  /** Adds an entry unless the name is taken, and waits until the disk has it. Answers what has the name now. */
  async add(name: string, bytes: Uint8Array): Promise<{ entry: ArchivedEntry; isNew: boolean }> {
    return this.inTurn(async () => {
      const at = await this.readIndex();
      const taken = this.entries.get(name);
      if (taken) return { entry: taken, isNew: false };
      const entry = { name, size: bytes.length, modified: new Date(), at: at + HEADER_BYTES };
      const tail = Buffer.alloc(inBlocks(bytes.length) - bytes.length + END_BYTES);
      await this.write(at, [tarHeader(entry), bytes, tail]);
      this.end = entry.at + inBlocks(entry.size);
      this.size = this.end + END_BYTES;
      this.entries.set(name, entry);
      return { entry, isNew: true };
    });
  }

  /** Takes the name away; the bytes stay until the file goes. */
  async remove(name: string): Promise<void> {
    await this.inTurn(async () => {
      await this.readIndex();
      const entry = this.entries.get(name);
      if (!entry) return;
      await this.write(entry.at - HEADER_BYTES, [
        tarHeader({ ...entry, name: `${DELETED}/${name.split('/').at(-1)}` }),
      ]);
      this.entries.delete(name);
    });
  }

  private async readIndex(): Promise<number> {
    if (this.end !== null) return this.end;
    const scan = async (file: FileHandle): Promise<number> => {
      this.size = (await file.stat()).size;
      let at = 0;
      for (;;) {
        const block = await readRange(file, at, at + HEADER_BYTES);
        const entry = readTarHeader(block);
        if (!entry && at === 0 && block.some((byte) => byte !== 0)) throw new ArchiveNotReadable();
        if (!entry || at + HEADER_BYTES + entry.size > this.size) return at;
        this.entries.set(entry.name, { ...entry, at: at + HEADER_BYTES });
        at += HEADER_BYTES + inBlocks(entry.size);
      }
    };
    this.end = await this.withFile('r', scan).catch((error: unknown) => {
      if (error instanceof VaultError && codeOf(error.cause) === 'ENOENT') return 0;
      throw error;
    });
    return this.end;
  }

  private async write(at: number, parts: Uint8Array[]): Promise<void> {
    if (this.size === 0) await guarded(() => this.create());
    await this.withFile('r+', async (file) => {
      if ((await file.stat()).size !== this.size) throw new ArchiveNotReadable();
      await writeAll(file, parts, at);
      await file.sync();
    }).catch((error: unknown) => {
      // How much of it arrived is not known: the file is read again before the next.
      this.end = null;
      this.entries.clear();
      throw error;
    });
  }

  private async create(): Promise<void> {
    await makeFolderDurably(dirname(this.path));
    await (await open(this.path, 'a', 0o600)).close();
    await syncFolder(dirname(this.path));
  }

  private async withFile<T>(flags: 'r' | 'r+', work: (file: FileHandle) => Promise<T>): Promise<T> {
    return guarded(async () => {
      const file = await open(this.path, flags);
      try {
        return await work(file);
      } finally {
        await file.close();
      }
    });
  }

  /** One after the other: two that write at the same end would write over each other. */
  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.turn.then(work);
    this.turn = mine.catch(() => undefined);
    return mine;
  }
}

async function writeAll(file: FileHandle, parts: readonly Uint8Array[], start: number): Promise<void> {
  let at = start;
  for (const part of parts) {
    for (let written = 0; written < part.length;) {
      const { bytesWritten } = await file.write(part, written, part.length - written, at + written);
      written += bytesWritten;
    }
    at += part.length;
  }
}

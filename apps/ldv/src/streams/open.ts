import { createReadStream } from 'node:fs';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';

/** A file, or the standard input for `-`; unpacked where its name says that it is packed. */
export function open(file: string): Readable {
  const raw = file === '-' ? process.stdin : createReadStream(file, { highWaterMark: 256 * 1024 });
  const unpack = file.endsWith('.gz') ? createGunzip() : file.endsWith('.zst') ? createZstdDecompress() : null;
  // The error is that of the stream that is read; what began it ends with it.
  return unpack ? pipeline(raw, unpack, () => undefined) : raw;
}

/** The name of what is in a file: without the ending that says how it is packed. */
export function innerName(file: string): string {
  return file.replace(/\.(gz|zst)$/, '').toLowerCase();
}

import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

const HEAD_BYTES = 8;
const LEVEL = { [constants.ZSTD_c_compressionLevel]: 1 };

/** Some rows of one table. */
export interface Frame {
  table: number;
  bytes: Uint8Array;
}

/** Lays frames end to end, each with its table and length before it, and compresses them. */
export function packFrames(frames: readonly Frame[]): Buffer {
  const pieces = frames.flatMap(({ table, bytes }) => {
    const head = Buffer.alloc(HEAD_BYTES);
    head.writeUInt32BE(table, 0);
    head.writeUInt32BE(bytes.length, 4);
    return [head, bytes];
  });
  return zstdCompressSync(Buffer.concat(pieces), { params: LEVEL });
}

/** The frames of a part, or null when it is none. */
export function unpackFrames(packed: Uint8Array): Frame[] | null {
  const bytes = zstdDecompressSync(packed);
  const frames: Frame[] = [];
  for (let at = 0; at < bytes.length;) {
    if (at + HEAD_BYTES > bytes.length) return null;
    const end = at + HEAD_BYTES + bytes.readUInt32BE(at + 4);
    if (end > bytes.length) return null;
    frames.push({ table: bytes.readUInt32BE(at), bytes: bytes.subarray(at + HEAD_BYTES, end) });
    at = end;
  }
  return frames;
}

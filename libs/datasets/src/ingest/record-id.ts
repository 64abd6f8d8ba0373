import { randomFillSync } from 'node:crypto';

/** 42 bits count the place in the file: 4 TiB. */
export const MAX_PLACE = 2 ** 42 - 1;

/**
 * Ids of imported records: UUID v7 (RFC 9562 section 5.7) with the import's start as the time and the line's place in
 * the file as the counter of section 6.2, so that threads can make them on their own and they still sort as the file.
 */
export function recordId(startMs: number, place: number, random: Uint8Array, out: Buffer): Buffer {
  out.writeUIntBE(startMs, 0, 6);
  const high = Math.floor(place / 2 ** 30);
  const low = place % 2 ** 30;
  out.writeUInt16BE(0x7000 | high, 6);
  // Two bits of variant, then 30 bits of the counter.
  out.writeUInt32BE(((0b10 << 30) | low) >>> 0, 8);
  out.set(random.subarray(0, 4), 12);
  return out;
}

/** Random bytes for `count` ids, four each. */
export function idRandom(count: number): Uint8Array {
  return randomFillSync(new Uint8Array(count * 4));
}

/** The smallest and the largest id an import that started at `startMs` can make. */
export function idRange(startMs: number): { first: Buffer; last: Buffer } {
  return {
    first: recordId(startMs, 0, new Uint8Array(4), Buffer.alloc(16)),
    last: recordId(startMs, MAX_PLACE, new Uint8Array(4).fill(255), Buffer.alloc(16)),
  };
}

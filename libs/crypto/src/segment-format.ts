import { defineError } from '#kernel';
import { frame } from './framing.ts';

// docs/architecture/STORAGE-FORMAT.md describes these bytes one by one; the two are changed together.
export const FORMAT_VERSION = 1;
export const SUITE = 1;
export const CIPHER = 'aes-256-gcm';
export const TAG_BYTES = 16;
export const SALT_BYTES = 32;
export const NONCE_PREFIX_BYTES = 7;

/** A block is closed before its body would grow past this. A longer line has a block of its own. */
export const BLOCK_BODY_BYTES = 64 * 1024;
export const MAX_LINE_BYTES = 4 * 1024 * 1024;
export const MAX_SEGMENT_BYTES = 8 * 1024 * 1024;

/** Count and encoding, before the lengths and salts of the records. */
export const BLOCK_HEAD_BYTES = 8;
export const RECORD_HEAD_BYTES = 4 + SALT_BYTES;
export const BODY_RAW = 0;
export const BODY_ZSTD = 1;

const HEADER_BYTES = 52;
const MAGIC = Buffer.from('LDVS', 'latin1');

/** Where a segment belongs. A sealed block opens in this place only. */
export interface SegmentPlace {
  tenantId: string;
  datasetId: string;
  segmentId: string;
}

/** What it takes to seal a segment. The key (32 bytes) seals this segment and nothing else. */
export interface SegmentToSeal extends SegmentPlace {
  key: Uint8Array;
}

/** What it takes to open one: all of it out of the database, nothing out of the object. */
export interface SealedSegment extends SegmentToSeal {
  blockCount: number;
  noncePrefix: Uint8Array;
}

/** Not the bytes that were sealed for this place: altered, cut, moved, or another key. Never shown as content. */
export const SegmentCorrupt = defineError(
  'segment-corrupt',
  'internal',
  (segmentId: string, part: string) => `Segment ${segmentId} does not open: ${part} is not what was sealed.`,
);

export const SegmentTooLarge = defineError(
  'segment-too-large',
  'too-large',
  () => 'A segment holds records of up to 4 MiB each, and up to 8 MiB sealed.',
);

export interface Header {
  noncePrefix: Uint8Array;
  commitment: Uint8Array;
  /** Where each sealed block begins, and where the last one ends: blocks + 1 numbers. */
  blockOffsets: number[];
}

/** The bytes before the first block. */
export function headerLength(blockCount: number): number {
  return HEADER_BYTES + 4 * blockCount;
}

export function encodeHeader({ noncePrefix, commitment, blockOffsets }: Header): Uint8Array {
  const blockCount = blockOffsets.length - 1;
  const header = Buffer.alloc(headerLength(blockCount));
  header.set(MAGIC, 0);
  header.writeUInt8(FORMAT_VERSION, 4);
  header.writeUInt8(SUITE, 5);
  header.writeUInt32BE(blockCount, 8);
  header.set(noncePrefix, 12);
  header.set(commitment, 20);
  for (let i = 0; i < blockCount; i += 1) {
    header.writeUInt32BE((blockOffsets[i + 1] ?? 0) - (blockOffsets[i] ?? 0), HEADER_BYTES + 4 * i);
  }
  return header;
}

/** The header of an object, or null when it is not one of version 1 whose parts fit the object exactly. */
export function decodeHeader(object: Uint8Array): Header | null {
  if (object.length < HEADER_BYTES) return null;
  const bytes = Buffer.from(object.buffer, object.byteOffset, object.length);
  const blockCount = bytes.readUInt32BE(8);
  const known = MAGIC.equals(bytes.subarray(0, 4)) && bytes[4] === FORMAT_VERSION && bytes[5] === SUITE;
  const reserved = (bytes[6] ?? 0) | (bytes[7] ?? 0) | (bytes[19] ?? 0);
  if (!known || reserved !== 0 || headerLength(blockCount) > bytes.length) return null;
  const blockOffsets = [headerLength(blockCount)];
  let end = headerLength(blockCount);
  for (let i = 0; i < blockCount; i += 1) {
    end += bytes.readUInt32BE(HEADER_BYTES + 4 * i);
    blockOffsets.push(end);
  }
  if (end !== bytes.length) return null;
  return { noncePrefix: bytes.subarray(12, 19), commitment: bytes.subarray(20, HEADER_BYTES), blockOffsets };
}

/**
 * The nonce of a block in STREAM (Hoang, Reyhanitabar, Rogaway, Vizár 2015): prefix, counter, last flag. The counter
 * keeps nonces apart and blocks in order; the flag makes a segment without its end another message.
 */
export function nonceOf(noncePrefix: Uint8Array, index: number, blockCount: number): Uint8Array {
  const nonce = Buffer.alloc(12);
  nonce.set(noncePrefix, 0);
  nonce.writeUInt32BE(index, NONCE_PREFIX_BYTES);
  nonce.writeUInt8(index === blockCount - 1 ? 1 : 0, 11);
  return nonce;
}

/** The additional data of every block: the place, out of the database. */
export function additionalDataOf(place: SegmentPlace, blockCount: number): Uint8Array {
  const count = Buffer.allocUnsafe(4);
  count.writeUInt32BE(blockCount);
  return frame(['vault/segment', Buffer.of(FORMAT_VERSION), place.tenantId, place.datasetId, place.segmentId, count]);
}

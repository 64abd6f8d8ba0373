import { createCipheriv, randomBytes } from 'node:crypto';
import { secretKey } from '#kernel';
import { encodeBlock, leavesOf } from './block.ts';
import { HASH_BYTES } from './commitment.ts';
import { commitmentOf } from './key-material.ts';
import {
  additionalDataOf,
  BLOCK_BODY_BYTES,
  BLOCK_HEAD_BYTES,
  CIPHER,
  encodeHeader,
  headerLength,
  MAX_LINE_BYTES,
  MAX_SEGMENT_BYTES,
  NONCE_PREFIX_BYTES,
  nonceOf,
  RECORD_HEAD_BYTES,
  SegmentTooLarge,
  type SegmentToSeal,
  TAG_BYTES,
} from './segment-format.ts';

/** A sealed segment and what the database has to know of it. Every buffer has its own memory and may be transferred. */
export interface PackedSegment {
  /** The object to store. */
  bytes: Uint8Array;
  noncePrefix: Uint8Array;
  /** Where each sealed block begins, and where the last one ends: blocks + 1 numbers. */
  blockOffsets: number[];
  /** Where each record is, in the order they came. */
  places: { block: Uint32Array; position: Uint32Array };
  /** 32 bytes for each record, in the same order. */
  leaves: Uint8Array;
  records: number;
  /** Bytes of the lines, without newlines. */
  plainBytes: number;
}

/**
 * The most a line can take of a segment, in bytes: not compressible, and in a block of its own. Lines whose shares
 * stay below `MAX_SEGMENT_BYTES - 52` together always fit.
 */
export function segmentShareOf(lineBytes: number): number {
  return lineBytes + 1 + RECORD_HEAD_BYTES + BLOCK_HEAD_BYTES + TAG_BYTES + 4;
}

/**
 * Seals lines (records as JSON, without newline) into one segment of the current format. Runs to the end without
 * waiting, some 30 ms for 4 MiB, so a server calls it on a worker thread.
 *
 * @param salts of lines that were committed before, one for each: with them they keep their leaves
 * @throws SegmentTooLarge when a line is over 4 MiB, or the whole over 8 MiB once sealed
 */
export function packSegment(
  segment: SegmentToSeal,
  lines: Iterable<Uint8Array>,
  salts?: readonly Uint8Array[],
): PackedSegment {
  const writer = new SegmentWriter(salts);
  for (const line of lines) writer.add(line);
  return writer.seal(segment);
}

interface OpenBlock {
  plain: Buffer;
  leaves: Uint8Array;
}

class SegmentWriter {
  readonly #blocks: OpenBlock[] = [];
  #body = Buffer.allocUnsafeSlow(BLOCK_BODY_BYTES);
  #used = 0;
  #lengths: number[] = [];
  #sealedBytes = headerLength(0);
  #plainBytes = 0;
  readonly #salts: readonly Uint8Array[] | undefined;
  /** How many lines lie in closed blocks. */
  #closed = 0;

  constructor(salts: readonly Uint8Array[] | undefined) {
    this.#salts = salts;
  }

  add(line: Uint8Array): void {
    if (line.length > MAX_LINE_BYTES) throw new SegmentTooLarge();
    if (this.#used > 0 && this.#used + line.length + 1 > BLOCK_BODY_BYTES) this.#closeBlock();
    if (line.length + 1 > this.#body.length) this.#body = Buffer.allocUnsafeSlow(line.length + 1);
    this.#body.set(line, this.#used);
    this.#body[this.#used + line.length] = 0x0a;
    this.#used += line.length + 1;
    this.#lengths.push(line.length);
    this.#plainBytes += line.length;
  }

  seal(segment: SegmentToSeal): PackedSegment {
    if (this.#used > 0) this.#closeBlock();
    if (this.#blocks.length === 0) throw new RangeError('a segment holds at least one record');
    const blockOffsets = [headerLength(this.#blocks.length)];
    for (const { plain } of this.#blocks) blockOffsets.push((blockOffsets.at(-1) ?? 0) + plain.length + TAG_BYTES);
    const noncePrefix = new Uint8Array(randomBytes(NONCE_PREFIX_BYTES));
    const bytes = new Uint8Array(this.#sealedBytes);
    bytes.set(encodeHeader({ noncePrefix, commitment: commitmentOf(segment.key), blockOffsets }), 0);
    const additional = additionalDataOf(segment, this.#blocks.length);
    this.#blocks.forEach(({ plain }, index) => {
      const nonce = nonceOf(noncePrefix, index, this.#blocks.length);
      const cipher = createCipheriv(CIPHER, secretKey(segment.key), nonce, { authTagLength: TAG_BYTES });
      cipher.setAAD(additional);
      const start = blockOffsets[index] ?? 0;
      bytes.set(cipher.update(plain), start);
      cipher.final();
      bytes.set(cipher.getAuthTag(), start + plain.length);
    });
    return { bytes, noncePrefix, blockOffsets, ...this.#recordFacts(), plainBytes: this.#plainBytes };
  }

  #closeBlock(): void {
    const body = this.#body.subarray(0, this.#used);
    const count = this.#lengths.length;
    const plain = encodeBlock(body, this.#lengths, this.#salts?.slice(this.#closed, this.#closed + count));
    this.#blocks.push({ plain, leaves: leavesOf(plain, body) });
    this.#sealedBytes += plain.length + TAG_BYTES + 4;
    // Here and not at the end, so that too much input is refused before all of it is held.
    if (this.#sealedBytes > MAX_SEGMENT_BYTES) throw new SegmentTooLarge();
    this.#used = 0;
    this.#closed += count;
    this.#lengths = [];
  }

  #recordFacts(): Pick<PackedSegment, 'places' | 'leaves' | 'records'> {
    const records = this.#blocks.reduce((sum, { leaves }) => sum + leaves.length / HASH_BYTES, 0);
    const places = { block: new Uint32Array(records), position: new Uint32Array(records) };
    const leaves = new Uint8Array(HASH_BYTES * records);
    let record = 0;
    this.#blocks.forEach((block, index) => {
      leaves.set(block.leaves, HASH_BYTES * record);
      for (let position = 0; position < block.leaves.length / HASH_BYTES; position += 1) {
        places.block[record] = index;
        places.position[record] = position;
        record += 1;
      }
    });
    return { places, leaves, records };
  }
}

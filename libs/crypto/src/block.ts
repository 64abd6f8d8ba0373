import { randomFillSync } from 'node:crypto';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { HASH_BYTES, hashInto, leafOf } from './commitment.ts';
import { BLOCK_HEAD_BYTES, BODY_RAW, BODY_ZSTD, RECORD_HEAD_BYTES, SALT_BYTES } from './segment-format.ts';

// The fastest level of the format proper: what higher ones save in storage they take from the import's throughput.
const LEVEL = { [constants.ZSTD_c_compressionLevel]: 1 };

/** An opened block: records as they were stored, each with its salt. Views of the block's memory, not copies. */
export class Block {
  readonly #head: Buffer;
  readonly #body: Buffer;
  /** Where each line begins in the body, and one past the last. Lines are followed by a newline each. */
  readonly #starts: Uint32Array;

  constructor(head: Buffer, body: Buffer, starts: Uint32Array) {
    this.#head = head;
    this.#body = body;
    this.#starts = starts;
  }

  get count(): number {
    return this.#starts.length - 1;
  }

  /** The whole block as JSON Lines, each line with its newline. */
  get body(): Uint8Array {
    return this.#body;
  }

  /** The exact bytes of a record, without the newline. */
  line(index: number): Uint8Array {
    const [start, end] = [this.#starts[index], this.#starts[index + 1]];
    if (start === undefined || end === undefined) throw new RangeError('the block has no such record');
    return this.#body.subarray(start, end - 1);
  }

  salt(index: number): Uint8Array {
    if (!(index >= 0 && index < this.count)) throw new RangeError('the block has no such record');
    const at = BLOCK_HEAD_BYTES + 4 * this.count + SALT_BYTES * index;
    return this.#head.subarray(at, at + SALT_BYTES);
  }

  /** The commitment, computed from what is here: what the database stores must be equal. */
  leaf(index: number): Uint8Array {
    return leafOf(this.salt(index), this.line(index));
  }
}

/**
 * Lays out a block before sealing: encoding and count, lengths, salts, body. `body` is the lines, each with a newline;
 * `lengths` are theirs without it. Salts are fresh unless they are given. A body that zstd would not shrink is stored as
 * it is.
 */
export function encodeBlock(body: Uint8Array, lengths: readonly number[], given?: readonly Uint8Array[]): Buffer {
  const packed = zstdCompressSync(body, { params: LEVEL, chunkSize: body.length + 1024 });
  const smaller = packed.length < body.length;
  const stored = smaller ? packed : body;
  const salts = BLOCK_HEAD_BYTES + 4 * lengths.length;
  const head = BLOCK_HEAD_BYTES + RECORD_HEAD_BYTES * lengths.length;
  const block = Buffer.allocUnsafe(head + stored.length);
  block.writeUInt32BE(smaller ? BODY_ZSTD : BODY_RAW, 0);
  block.writeUInt32BE(lengths.length, 4);
  lengths.forEach((length, i) => block.writeUInt32BE(length, BLOCK_HEAD_BYTES + 4 * i));
  randomFillSync(block, salts, head - salts);
  given?.forEach((salt, i) => block.set(salt, salts + SALT_BYTES * i));
  block.set(stored, head);
  return block;
}

/** The leaves of a block laid out by `encodeBlock`, 32 bytes each in the order of its records. */
export function leavesOf(block: Buffer, body: Buffer): Uint8Array {
  const count = block.readUInt32BE(4);
  const leaves = Buffer.allocUnsafe(HASH_BYTES * count);
  // One buffer 0x00 || salt || line for all records: one each would cost more than the hash of a short line.
  const input = Buffer.alloc(1 + SALT_BYTES + body.length);
  let start = 0;
  for (let i = 0; i < count; i += 1) {
    const end = start + block.readUInt32BE(BLOCK_HEAD_BYTES + 4 * i);
    const salt = BLOCK_HEAD_BYTES + 4 * count + SALT_BYTES * i;
    block.copy(input, 1, salt, salt + SALT_BYTES);
    body.copy(input, 1 + SALT_BYTES, start, end);
    hashInto(input.subarray(0, 1 + SALT_BYTES + end - start), leaves, HASH_BYTES * i);
    start = end + 1;
  }
  return leaves;
}

/** The block behind authenticated bytes, or null when they are not laid out as one. */
export function decodeBlock(block: Buffer): Block | null {
  if (block.length < BLOCK_HEAD_BYTES) return null;
  const count = block.readUInt32BE(4);
  const head = BLOCK_HEAD_BYTES + RECORD_HEAD_BYTES * count;
  if (head > block.length) return null;
  const starts = new Uint32Array(count + 1);
  let total = 0;
  for (let i = 0; i < count; i += 1) {
    total += block.readUInt32BE(BLOCK_HEAD_BYTES + 4 * i) + 1;
    starts[i + 1] = total;
  }
  const body = decodeBody(block.readUInt32BE(0), block.subarray(head), total);
  return body?.length === total ? new Block(block.subarray(0, head), body, starts) : null;
}

function decodeBody(encoding: number, stored: Buffer, total: number): Buffer | null {
  if (encoding === BODY_RAW) return stored;
  if (encoding !== BODY_ZSTD) return null;
  try {
    return zstdDecompressSync(stored, { chunkSize: Math.max(64, total), maxOutputLength: Math.max(1, total) });
  } catch {
    return null;
  }
}

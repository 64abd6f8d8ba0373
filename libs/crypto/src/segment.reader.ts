import { createDecipheriv, timingSafeEqual } from 'node:crypto';
import { secretKey } from '#kernel';
import { type Block, decodeBlock } from './block.ts';
import { commitmentOf } from './key-material.ts';
import {
  additionalDataOf,
  CIPHER,
  decodeHeader,
  FORMAT_VERSION,
  nonceOf,
  type SealedSegment,
  SegmentCorrupt,
  TAG_BYTES,
} from './segment-format.ts';

/**
 * Opens block `index` out of its sealed bytes, which a ranged read fetched by the block offsets. Nothing of it is
 * visible before its tag has been checked.
 *
 * @throws SegmentCorrupt when these are not the bytes sealed for this place, key and block count
 */
export function openBlock(segment: SealedSegment, index: number, sealed: Uint8Array): Block {
  const plain = unseal(segment, index, sealed);
  const block = plain && decodeBlock(plain);
  if (!block) throw new SegmentCorrupt(segment.segmentId, `block ${index}`);
  return block;
}

/**
 * Opens a whole object, block after block, and checks what a single block does not show: the header, its key
 * commitment, and that every block is there. The object is proven whole when the last block has been taken.
 *
 * @throws SegmentCorrupt
 */
export function* openSegment(segment: SealedSegment, object: Uint8Array): Generator<Block> {
  const header = decodeHeader(object);
  const whole =
    header?.blockOffsets.length === segment.blockCount + 1 &&
    Buffer.compare(header.noncePrefix, segment.noncePrefix) === 0 &&
    timingSafeEqual(header.commitment, commitmentOf(segment.key));
  if (!whole) throw new SegmentCorrupt(segment.segmentId, 'the header');
  for (let index = 0; index < segment.blockCount; index += 1) {
    const sealed = object.subarray(header.blockOffsets[index], header.blockOffsets[index + 1]);
    yield openBlock(segment, index, sealed);
  }
}

export interface SegmentDescription {
  format: number;
  blocks: number;
  bytes: number;
  /** Hexadecimal; a key that opens it commits to this. */
  key_commitment: string;
}

/** What the header of an object says of itself, to be believed by nobody; null when it is no whole segment. */
export function describeSegment(object: Uint8Array): SegmentDescription | null {
  const header = decodeHeader(object);
  if (!header) return null;
  return {
    format: FORMAT_VERSION,
    blocks: header.blockOffsets.length - 1,
    bytes: object.length,
    key_commitment: Buffer.from(header.commitment).toString('hex'),
  };
}

/** The authenticated bytes of a block, or null. */
function unseal(segment: SealedSegment, index: number, sealed: Uint8Array): Buffer | null {
  if (sealed.length < TAG_BYTES || index < 0 || index >= segment.blockCount) return null;
  const nonce = nonceOf(segment.noncePrefix, index, segment.blockCount);
  // Without authTagLength Node takes tags of 4 bytes, which can be guessed.
  const decipher = createDecipheriv(CIPHER, secretKey(segment.key), nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(additionalDataOf(segment, segment.blockCount));
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  const plain = decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES));
  try {
    decipher.final();
    return plain;
  } catch {
    plain.fill(0);
    return null;
  }
}

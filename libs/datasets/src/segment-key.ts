import { FORMAT_VERSION, type PackedSegment, type WrappedSegmentKey } from '#crypto';
import type { NewSegment, Segment } from './segment.entity.ts';

type KeyColumns = Pick<Segment, 'tenantKeyVersion' | 'keySalt' | 'keyWrapped' | 'keyCommitment'>;

/** A segment's wrapped key, out of its row. */
export function segmentKeyOf(segment: KeyColumns): WrappedSegmentKey {
  return {
    tenantKeyVersion: segment.tenantKeyVersion,
    salt: segment.keySalt,
    wrapped: segment.keyWrapped,
    commitment: segment.keyCommitment,
  };
}

/** The same, as the row has it. */
export function keyColumnsOf(key: WrappedSegmentKey): KeyColumns {
  return {
    tenantKeyVersion: key.tenantKeyVersion,
    keySalt: Buffer.from(key.salt),
    keyWrapped: Buffer.from(key.wrapped),
    keyCommitment: Buffer.from(key.commitment),
  };
}

/** What there is to know of a segment that was sealed with this key, as its row has it. */
export function sealedColumnsOf(
  key: WrappedSegmentKey,
  sealed: Pick<PackedSegment, 'noncePrefix' | 'blockOffsets' | 'plainBytes' | 'records' | 'bytes'>,
): Omit<NewSegment, 'id' | 'tenantId' | 'datasetId' | 'commitId'> {
  return {
    formatVersion: FORMAT_VERSION,
    ...keyColumnsOf(key),
    noncePrefix: Buffer.from(sealed.noncePrefix),
    blockOffsets: sealed.blockOffsets,
    records: sealed.records,
    plainBytes: sealed.plainBytes,
    sealedBytes: sealed.bytes.length,
  };
}

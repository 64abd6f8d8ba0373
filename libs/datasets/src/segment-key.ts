import type { WrappedSegmentKey } from '#crypto';
import type { Segment } from './segment.entity.ts';

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

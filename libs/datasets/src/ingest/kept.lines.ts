import { packSegment } from '#crypto';
import { bytesToUuid } from '#kernel';
import type { JsonFinding } from '#pii';
import { type RowsPlace, SegmentRows } from './segment.rows.ts';
import type { MadeSegment, SaidOf } from './segment.task.ts';

/** A line that becomes a record. */
export interface KeptLine {
  /** Its number in the file. */
  line: number;
  bytes: Uint8Array;
  /** Where the line began in the batch: with the batch's own place it makes the record's id. */
  at: number;
  findings: JsonFinding[];
  /** The highest of them, as an index into `RISKS`. */
  risk: number;
  subjects: (Buffer | null)[];
  /** For all lines, or for none. */
  said?: SaidOf;
  /** What it says; null where nobody asks. */
  hash: Buffer | null;
  sketch: Uint8Array | null;
}

/** Seals lines as one segment, and makes their rows. Their ids go into `recordIds`, for who asks. */
export function sealLines(
  place: RowsPlace & { key: Uint8Array },
  kept: readonly KeptLine[],
  recordIds?: string[],
): MadeSegment {
  const { key, tenantId, datasetId, segmentId } = place;
  const lines = kept.map(({ bytes }) => bytes);
  const packed = packSegment({ key, tenantId, datasetId, segmentId }, lines);
  const hasSaid = kept[0]?.said !== undefined;
  const rows = new SegmentRows(place, kept.length, hasSaid);
  kept.forEach(({ bytes, at, findings, risk, subjects, said, hash, sketch }, i) => {
    const leaf = packed.leaves.subarray(32 * i, 32 * i + 32);
    const lies = { block: packed.places.block[i]!, position: packed.places.position[i]!, leaf };
    const id = rows.add({ at, bytes: bytes.length, ...lies, risk, findings, subjects, said, hash, sketch });
    recordIds?.push(bytesToUuid(id));
  });
  const { blockOffsets, noncePrefix, plainBytes, leaves } = packed;
  const sealed = packed.bytes as Uint8Array<ArrayBuffer>;
  return { sealed, blockOffsets, noncePrefix, plainBytes, leaves, hasSaid, ...rows.finish() };
}

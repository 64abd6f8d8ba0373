import { packSegment } from '#crypto';
import type { JsonFinding } from '#pii';
import { RISKS } from '../statistics.ts';
import { type RowsPlace, SegmentRows } from './segment.rows.ts';
import type { MadeSegment } from './segment.task.ts';

/** A line that becomes a record. */
export interface KeptLine {
  bytes: Uint8Array;
  /** Where the line began in the batch: with the batch's own place it makes the record's id. */
  at: number;
  findings: JsonFinding[];
  subjects: (Buffer | null)[];
}

/** As an index into `RISKS`. */
export function highestOf(findings: readonly JsonFinding[]): number {
  return findings.reduce((highest, { risk }) => Math.max(highest, RISKS.indexOf(risk)), 0);
}

/** Seals lines as one segment, and makes their rows. Gives their ids too, in their order. */
export function sealLines(
  place: RowsPlace & { key: Uint8Array },
  kept: readonly KeptLine[],
): { segment: MadeSegment; recordIds: string[] } {
  const { key, tenantId, datasetId, segmentId } = place;
  const lines = kept.map(({ bytes }) => bytes);
  const packed = packSegment({ key, tenantId, datasetId, segmentId }, lines);
  const rows = new SegmentRows(place, kept.length);
  const recordIds = kept.map(({ bytes, at, findings, subjects }, i) => {
    const leaf = packed.leaves.subarray(32 * i, 32 * i + 32);
    const lies = { block: packed.places.block[i]!, position: packed.places.position[i]!, leaf };
    return rows.add({ at, bytes: bytes.length, ...lies, risk: highestOf(findings), findings, subjects });
  });
  const { blockOffsets, noncePrefix, plainBytes, leaves } = packed;
  const sealed = packed.bytes as Uint8Array<ArrayBuffer>;
  return { segment: { sealed, blockOffsets, noncePrefix, plainBytes, leaves, ...rows.finish() }, recordIds };
}

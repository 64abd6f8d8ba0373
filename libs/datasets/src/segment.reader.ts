import { type Block, type KeyService, openBlock } from '#crypto';
import type { BlobStore } from '#storage';
import type { StoredVersion } from './record-version.entity.ts';
import type { Segment } from './segment.entity.ts';
import { segmentKeyOf } from './segment-key.ts';

/** Rows of one segment that follow one another, and the segment. */
export interface Run {
  segment: Segment;
  rows: StoredVersion[];
}

/** Fetches and opens blocks. A block that does not open is an error that names its segment, never garbage. */
export class SegmentReader {
  constructor(
    private readonly blobs: BlobStore,
    private readonly keys: KeyService,
  ) {}

  /** The exact bytes of each row, in order: one ranged GET for all of them. @throws SegmentCorrupt, BlobNotFound */
  async lines({ segment, rows }: Run): Promise<Uint8Array[]> {
    const blocks = await this.blocks(segment, [...new Set(rows.map((row) => row.block))]);
    return rows.map((row) => blocks.get(row.block)!.line(row.position));
  }

  /** Some of its blocks, opened: one ranged GET for all of them. @throws SegmentCorrupt, BlobNotFound */
  async blocks(segment: Segment, indexes: readonly number[]): Promise<Map<number, Block>> {
    const wanted = indexes.toSorted((a, b) => a - b);
    const first = wanted[0]!;
    const last = wanted.at(-1)!;
    const offsets = segment.blockOffsets;
    const start = offsets[first]!;
    const [sealed, key] = await Promise.all([
      this.blobs.get(segment.id, { start, end: offsets[last + 1]! }),
      this.keys.openSegmentKey(contextOf(segment), segmentKeyOf(segment)),
    ]);
    const context = { ...contextOf(segment), key, noncePrefix: segment.noncePrefix, blockCount: offsets.length - 1 };
    const opened = new Map<number, Block>();
    for (const index of wanted) {
      const bytes = sealed.subarray(offsets[index]! - start, offsets[index + 1]! - start);
      opened.set(index, openBlock(context, index, bytes));
    }
    return opened;
  }
}

function contextOf(segment: Segment): { tenantId: string; datasetId: string; segmentId: string } {
  return { tenantId: segment.tenantId, datasetId: segment.datasetId, segmentId: segment.id };
}

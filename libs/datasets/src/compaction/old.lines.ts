import type { Segment } from '../segment.entity.ts';
import type { SegmentReader } from '../segment.reader.ts';
import type { OldPlace } from './compaction.repository.ts';
import type { RepackTask } from './repack.task.ts';

/** Objects that are fetched at once. */
const AT_ONCE = 8;

interface Line {
  line: Uint8Array;
  salt: Uint8Array;
}

/** What lies in some places of segments, in their order, as a thread takes it. @throws SegmentCorrupt, BlobNotFound */
export async function linesOf(
  reader: SegmentReader,
  segments: readonly Segment[],
  places: readonly OldPlace[],
  signal: AbortSignal,
): Promise<Pick<RepackTask, 'lines' | 'lengths' | 'salts' | 'leaves'>> {
  const bySegment = Map.groupBy(
    places.map((place, at) => ({ ...place, at })),
    (place) => place.segment_id,
  );
  const lines = new Array<Line>(places.length);
  const left = segments.values();
  const lane = async (): Promise<void> => {
    for (const segment of left) {
      signal.throwIfAborted();
      const wanted = bySegment.get(segment.id) ?? [];
      if (wanted.length === 0) continue;
      const blocks = await reader.blocks(segment, [...new Set(wanted.map(({ block }) => block))]);
      for (const { block: index, position, at } of wanted) {
        const block = blocks.get(index)!;
        lines[at] = { line: block.line(position), salt: block.salt(position) };
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return {
    lines: Buffer.concat(lines.map(({ line }) => line)),
    lengths: Uint32Array.from(lines, ({ line }) => line.length),
    salts: Buffer.concat(lines.map(({ salt }) => salt)),
    leaves: Buffer.concat(places.map(({ leaf }) => leaf)),
  };
}

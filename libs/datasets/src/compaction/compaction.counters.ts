/** Port. Counts for the metrics. */
export abstract class CompactionCounters {
  /** Called once so many segments were put together. Bytes are those of their sealed objects. */
  abstract compacted(segments: number, bytes: number): void;
}

/** Port. Counts for the metrics. */
export abstract class PurgeCounters {
  /** Called once so many segments were purged. Bytes are those of their sealed objects. */
  abstract purged(segments: number, bytes: number): void;
}

/** Port. Counts for the metrics. */
export abstract class ImportCounters {
  /** Called once an import is published. Bytes are those of its records, without line ends. */
  abstract imported(records: number, bytes: number, findingsByType: Readonly<Record<string, number>>): void;
}

import type { Transferable } from 'node:worker_threads';
import type { ConvertedRows } from './csv/csv-rows.ts';
import type { CsvDialect, CsvOptions } from './csv/dialect.ts';
import type { RowBatch } from './csv/row-splitter.ts';
import type { Sniffed } from './csv/sniff.ts';
import type { MadeRows, OpenedParquet, ParquetRows } from './parquet/parquet.file.ts';

/** What threads do for files of other formats, and what comes of it. */
export interface FormatTasks {
  'csv-sniff': { task: { sample: Uint8Array; whole: boolean; options: CsvOptions }; result: Sniffed };
  'csv-rows': { task: { batch: RowBatch; dialect: CsvDialect }; result: ConvertedRows };
  'parquet-open': { task: { footer: ArrayBuffer }; result: OpenedParquet };
  'parquet-rows': { task: ParquetRows; result: MadeRows };
}

export type FormatTask = { [K in keyof FormatTasks]: { kind: K } & FormatTasks[K]['task'] }[keyof FormatTasks];
export type FormatResult = FormatTasks[keyof FormatTasks]['result'];

const KINDS: readonly string[] = [
  'csv-sniff',
  'csv-rows',
  'parquet-open',
  'parquet-rows',
] satisfies (keyof FormatTasks)[];

export function isFormatTask(task: { kind: string }): task is FormatTask {
  return KINDS.includes(task.kind);
}

/** Port. The threads, as readers of formats see them. */
export interface FormatWork {
  run<K extends keyof FormatTasks>(
    task: { kind: K } & FormatTasks[K]['task'],
    transfer?: Transferable[],
  ): Promise<FormatTasks[K]['result']>;
  /** Tasks worth asking for at once. */
  readonly parallel: number;
}

/** What becomes of each, in the order they came, some of them ahead. */
export async function* inOrder<T, R>(
  source: AsyncIterable<T>,
  work: (each: T) => Promise<R>,
  ahead: number,
): AsyncGenerator<R> {
  const running: Promise<R>[] = [];
  try {
    for await (const each of source) {
      const made = work(each);
      // Awaited in its turn; a failure until then must not count as unhandled.
      made.catch(() => undefined);
      running.push(made);
      if (running.length >= ahead) yield await running.shift()!;
    }
    while (running.length > 0) yield await running.shift()!;
  } finally {
    await Promise.allSettled(running);
  }
}

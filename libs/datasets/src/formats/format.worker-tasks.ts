import type { Transferable } from 'node:worker_threads';
import { csvRows } from './csv/csv-rows.ts';
import { sniff } from './csv/sniff.ts';
import type { FormatResult, FormatTask } from './format.tasks.ts';
import { openParquet, parquetRows } from './parquet/parquet.file.ts';

/** On a thread. */
export async function performFormatTask(task: FormatTask): Promise<{ result: FormatResult; transfer: Transferable[] }> {
  switch (task.kind) {
    case 'csv-sniff':
      return { result: sniff(task.sample, task.whole, task.options), transfer: [] };
    case 'parquet-open':
      return { result: openParquet(task.footer), transfer: [] };
    case 'csv-rows':
      return moved(csvRows(task.batch, task.dialect));
    case 'parquet-rows':
      return moved(await parquetRows(task));
  }
}

function moved<R extends { lines: Uint8Array<ArrayBuffer> }>(result: R): { result: R; transfer: Transferable[] } {
  return { result, transfer: [result.lines.buffer] };
}

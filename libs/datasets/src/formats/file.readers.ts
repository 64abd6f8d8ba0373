import type { BlobStore } from '#storage';
import type { WorkerPool } from '#workers';
import { OptionNotForFormat } from '../dataset.errors.ts';
import { csvLines } from './csv/csv.source.ts';
import type { CsvOptions } from './csv/dialect.ts';
import type { FormatResult, FormatTask, FormatWork } from './format.tasks.ts';
import type { ImportFormat } from './import-format.ts';
import { jsonArrayLines } from './json-array.ts';
import { type LineSource, plainLines } from './line.source.ts';
import { parquetLines } from './parquet/parquet.source.ts';
import { Spool } from './spool.ts';

export type FormatPool = Pick<WorkerPool<FormatTask, FormatResult>, 'run'>;

/** Makes JSON Lines of a file of any format. */
export class FileReaders {
  private readonly work: FormatWork;

  constructor(
    private readonly blobs: BlobStore,
    pool: FormatPool,
    parallel: number,
  ) {
    this.work = {
      parallel,
      run: (task, transfer = []) => pool.run(task as FormatTask, { transfer }) as Promise<never>,
    };
  }

  /** @throws OptionNotForFormat, FileUnreadable, StreamBroken, InflatesTooFar */
  async open(format: ImportFormat, bytes: AsyncIterable<Uint8Array>, options: CsvOptions): Promise<LineSource> {
    this.check(format, options);
    switch (format) {
      case 'jsonl':
        return plainLines(bytes);
      case 'json':
        return jsonArrayLines(bytes);
      case 'csv':
        return csvLines(bytes, options, this.work);
      case 'parquet':
        return parquetLines(bytes, new Spool(this.blobs), this.work);
    }
  }

  /** Says before anything is read whether the options are for this format. @throws OptionNotForFormat */
  check(format: ImportFormat, options: CsvOptions): void {
    const sent = Object.entries(options).find(([, value]) => value !== undefined);
    if (sent && format !== 'csv') throw new OptionNotForFormat(sent[0]);
  }
}

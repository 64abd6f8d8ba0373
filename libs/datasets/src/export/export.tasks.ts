import type { ParquetIndexes, ParquetPart } from '../formats/parquet/parquet.writing.ts';
import type { TemplateName } from './export.options.ts';
import type { Shape, Struct } from './shape.ts';

/** Records for a thread: JSON Lines, each with its newline. */
export interface ExportLines {
  lines: Uint8Array;
  template?: TemplateName;
}

export interface SurveyTask extends ExportLines {
  kind: 'export-survey';
}

/** What would go out of some records. */
export interface Surveyed {
  fits: number;
  /** Those that do not fit the template, by their place among the lines. */
  unfit: { index: number; reason: string }[];
  shape: Shape;
}

export interface RowsTask extends ExportLines {
  kind: 'export-rows';
  /** CSV with these columns, or JSON Lines. */
  columns: string[] | null;
  shape: Shape;
  /** So many of those that fit are there already. */
  skip: number;
}

export interface GroupTask extends ExportLines {
  kind: 'parquet-group';
  shape: Shape;
  skip: number;
  /** Bytes of the file so far. */
  base: number;
}

export interface FooterTask {
  kind: 'parquet-footer';
  columns: Struct;
  parts: ParquetIndexes[];
  base: number;
}

export interface ExportTasks {
  'export-survey': { task: SurveyTask; result: Surveyed };
  'export-rows': { task: RowsTask; result: { bytes: Uint8Array<ArrayBuffer> } };
  'parquet-group': { task: GroupTask; result: ParquetPart };
  'parquet-footer': { task: FooterTask; result: { bytes: Uint8Array<ArrayBuffer> } };
}

export type ExportTask = ExportTasks[keyof ExportTasks]['task'];
export type ExportResult = ExportTasks[keyof ExportTasks]['result'];

/** Port. The threads, as exports see them. */
export interface ExportPool {
  run(task: ExportTask): Promise<ExportResult>;
}

import type { Transferable } from 'node:worker_threads';
import { textsIn } from '../json-lines.ts';
import { parquetFooter, parquetGroup } from '../formats/parquet/parquet.writing.ts';
import { csvRow } from './csv-text.ts';
import { parseExactly, type Value } from './exact-json.ts';
import type { ExportLines, ExportResult, ExportTask, RowsTask, SurveyTask, Surveyed } from './export.tasks.ts';
import { columnsOf, merged, rowFor, rowOf, type Shape, shapeOf } from './shape.ts';
import { NoFit } from './templates/no-fit.ts';
import { templates } from './templates/templates.ts';

/** On a thread. */
export function performExportTask(task: ExportTask): { result: ExportResult; transfer: Transferable[] } {
  switch (task.kind) {
    case 'export-survey':
      return { result: survey(task), transfer: [] };
    case 'export-rows':
      return moved({ bytes: new Uint8Array(Buffer.from(rowsOf(task))) });
    case 'parquet-group': {
      const rows = fitting(task).slice(task.skip);
      return moved(
        parquetGroup(
          columnsOf(task.shape),
          rows.map((value) => rowFor(value, task.shape)),
          task.base,
        ),
      );
    }
    case 'parquet-footer':
      return moved(parquetFooter(task.columns, task.parts, task.base));
  }
}

function survey(task: SurveyTask): Surveyed {
  let shape: Shape = { kind: 'nothing' };
  let fits = 0;
  const unfit: Surveyed['unfit'] = [];
  for (const [index, value] of told(task).entries()) {
    if (value instanceof NoFit) unfit.push({ index, reason: value.message });
    else {
      fits += 1;
      shape = merged(shape, shapeOf(rowOf(value)));
    }
  }
  return { fits, unfit, shape };
}

function rowsOf(task: RowsTask): string {
  const { columns, shape, skip } = task;
  const rows = fitting(task).slice(skip);
  if (!columns) return rows.map((value) => `${JSON.stringify(value)}\n`).join('');
  return rows
    .map((value) => rowFor(value, shape))
    .map((row) => csvRow(columns.map((column) => (Object.hasOwn(row, column) ? row[column] : null))))
    .join('');
}

function fitting(task: ExportLines): Value[] {
  return told(task).filter((value): value is Value => !(value instanceof NoFit));
}

/** Each record in the words of the template, or why it has none. */
function told({ lines, template }: ExportLines): (Value | NoFit)[] {
  const tell = template ? templates[template] : (value: Value): Value => value;
  return textsIn(lines).map((text) => {
    const value = parseExactly(text);
    try {
      return tell(value);
    } catch (error) {
      if (error instanceof NoFit) return error;
      throw error;
    }
  });
}

function moved<R extends { bytes: Uint8Array<ArrayBuffer> }>(result: R): { result: R; transfer: Transferable[] } {
  return { result, transfer: [result.bytes.buffer] };
}

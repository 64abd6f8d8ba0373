import { isUtf8 } from 'node:buffer';
import { parse } from 'csv-parse/sync';
import { pathOf } from '#pii';
import type { LineError } from '../../ingest/line-error.ts';
import { type CsvDialect, jsonOf } from './dialect.ts';
import type { RowBatch } from './row-splitter.ts';

/** Lines for rows, each with a newline; those of rows that are wrong or no record are empty. */
export interface ConvertedRows {
  lines: Uint8Array<ArrayBuffer>;
  errors: LineError[];
}

/** Rows of a table as JSON Lines. Runs on a thread. */
export function csvRows(batch: RowBatch, dialect: CsvDialect): ConvertedRows {
  const rows = rowsOf(batch, dialect);
  const keys = dialect.columns.map(({ name }) => JSON.stringify(name));
  const errors: LineError[] = [];
  let text = '';
  rows.forEach((row, i) => {
    const line = batch.firstRow + i;
    const isHeader = dialect.header && line === 1;
    const made = isHeader ? '' : typeof row === 'string' ? { reason: row } : recordOf(row, dialect, keys);
    if (typeof made === 'string') text += made;
    else errors.push({ line, ...made });
    text += '\n';
  });
  return { lines: new Uint8Array(Buffer.from(text)), errors };
}

/** The record as JSON text, nothing for an empty row, or what is wrong. */
function recordOf(cells: string[], { columns }: CsvDialect, keys: string[]): string | Omit<LineError, 'line'> {
  if (cells.length === 1 && cells[0] === '') return '';
  if (cells.length !== columns.length) {
    const column = Math.min(cells.length, columns.length) + 1;
    return { column, reason: `expected ${columns.length} cells, found ${cells.length}` };
  }
  let text = '{';
  for (const [i, { name, type }] of columns.entries()) {
    const value = jsonOf(cells[i]!, type);
    if (value === null) return { column: i + 1, path: pathOf([name]), reason: `expected ${EXPECTED[type]}` };
    text += `${i > 0 ? ',' : ''}${keys[i]!}:${value}`;
  }
  return `${text}}`;
}

const EXPECTED = {
  text: 'text',
  integer: 'an integer of at most 15 digits',
  number: 'a number of at most 15 digits before its point',
  boolean: 'true or false',
  json: 'a JSON object or array',
};

/** Each row's cells, or what is wrong with it. All in one go where they are well, which nearly all are. */
function rowsOf({ bytes, ends }: RowBatch, dialect: CsvDialect): (string[] | string)[] {
  if (isUtf8(bytes)) {
    const all = cellsOf(bytes, dialect);
    if (typeof all !== 'string' && all.length === ends.length) return all;
  }
  return Array.from(ends, (end, i) => {
    const row = bytes.subarray(i > 0 ? ends[i - 1]! : 0, end);
    if (row.length === 0) return [''];
    if (!isUtf8(row)) return 'not valid UTF-8';
    const read = cellsOf(row, dialect);
    if (typeof read === 'string') return read;
    return read.length === 1 ? read[0]! : 'a quote in the wrong place';
  });
}

const WRONG: Record<string, string> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote that does not close',
  CSV_INVALID_CLOSING_QUOTE: 'text behind a closing quote',
  INVALID_OPENING_QUOTE: 'a quote inside a cell that does not begin with one',
};

/** The parser's own messages quote the row: only their codes are safe to tell. */
function cellsOf(bytes: Uint8Array, { delimiter, newline }: CsvDialect): string[][] | string {
  const recordDelimiter = newline === 0x0a ? ['\r\n', '\n'] : ['\r'];
  try {
    return parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), {
      delimiter,
      recordDelimiter,
      relaxColumnCount: true,
    });
  } catch (error) {
    return WRONG[(error as { code?: string }).code ?? ''] ?? 'not readable as a row';
  }
}

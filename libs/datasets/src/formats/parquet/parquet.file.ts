import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import {
  type Compressors,
  parquetMetadata,
  parquetReadObjects,
  parquetSchema,
  type RowGroup,
  type SchemaElement,
  snappyUncompress,
} from 'hyparquet';
import type { Issue } from '#kernel';
import { pathOf } from '#pii';
import type { LineError } from '../../ingest/line-error.ts';
import type { ConvertedRows } from '../csv/csv-rows.ts';
import { exactParsers, jsonText, NoJson } from './json-text.ts';
import { readableSchema, typeName, unreadableIn } from './schema.ts';

/** What a row group may hold, unpacked: one is in memory whole. */
export const MAX_GROUP = 128 * 1024 * 1024;
/** So much of a group is given out at once. */
const MAX_LINES = 32 * 1024 * 1024;
/** In Parquet's own words. */
const CODECS = ['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'ZSTD', 'BROTLI'];

/** Rows that are read together, and where their bytes are in the file. */
export interface ParquetGroup {
  group: RowGroup;
  firstRow: number;
  rows: number;
  start: number;
  end: number;
}

export type OpenedParquet =
  { schema: SchemaElement[]; groups: ParquetGroup[]; columns: { name: string; type: string }[] } | { issue: Issue };

/** A file by its footer: the metadata, their length and the mark. Runs on a thread. */
export function openParquet(footer: ArrayBuffer): OpenedParquet {
  try {
    const metadata = parquetMetadata(footer, { geoparquet: false });
    const schema = readableSchema(metadata.schema);
    const detail = unreadableIn(schema);
    if (detail) return { issue: { pointer: '', detail } };
    const columns = parquetSchema({ ...metadata, schema }).children.map((node) => ({
      name: node.element.name,
      type: typeName(node),
    }));
    const groups: ParquetGroup[] = [];
    let firstRow = 1;
    for (const [i, group] of metadata.row_groups.entries()) {
      const placed = placeOf(group, firstRow);
      if (typeof placed === 'string') return { issue: { pointer: `row group ${i + 1}`, detail: placed } };
      groups.push(placed);
      firstRow += placed.rows;
    }
    return { schema, groups, columns };
  } catch {
    return { issue: { pointer: '', detail: 'Expected the footer of a Parquet file that is not encrypted' } };
  }
}

/** Where a row group is, or why it is not read. */
function placeOf(group: RowGroup, firstRow: number): ParquetGroup | string {
  let [start, end, unpacked] = [Infinity, 0, 0];
  for (const { meta_data: column, file_path: elsewhere } of group.columns) {
    if (!column || elsewhere) return 'Its columns are encrypted or in another file';
    if (!CODECS.includes(column.codec)) return `Expected ${CODECS.join(', ')} as its compression`;
    const begins = Number(column.dictionary_page_offset || column.data_page_offset);
    start = Math.min(start, begins, Number(column.data_page_offset));
    end = Math.max(end, begins + Number(column.total_compressed_size));
    unpacked += Number(column.total_uncompressed_size);
  }
  const rows = Number(group.num_rows);
  if (Math.max(unpacked, end - start) > MAX_GROUP) return 'Expected at most 128 MiB in a row group; write smaller ones';
  return { group, firstRow, rows, start: Math.min(start, end), end };
}

export interface ParquetRows extends Omit<ParquetGroup, 'end'> {
  schema: SchemaElement[];
  /** The file from `start` on, to the end of the group. */
  bytes: ArrayBuffer;
  /** The first row of the group that is wanted. */
  from: number;
}

export interface MadeRows extends ConvertedRows {
  /** The first row of the group that is not among them. */
  next: number;
  issue?: Issue;
}

/** Rows of a group as JSON Lines, as many as are no more than some megabytes. Runs on a thread. */
export async function parquetRows(task: ParquetRows): Promise<MadeRows> {
  const { schema, group, start, bytes, from, rows, firstRow } = task;
  const metadata = { version: 2, schema, num_rows: group.num_rows, row_groups: [group], metadata_length: 0 };
  const slice = (first: number, end = start + bytes.byteLength): ArrayBuffer => bytes.slice(first - start, end - start);
  try {
    const found = await parquetReadObjects({
      file: { byteLength: start + bytes.byteLength, slice },
      metadata,
      rowStart: from,
      rowEnd: rows,
      utf8: false,
      geoparquet: false,
      compressors,
      parsers: exactParsers,
    });
    if (found.length !== rows - from) throw new Error('rows are missing');
    return linesOf(found, parquetSchema(metadata).children, firstRow, from);
  } catch {
    const issue = { pointer: `row ${firstRow + from}`, detail: 'Its row group cannot be read from here on' };
    return { lines: new Uint8Array(), errors: [], next: rows, issue };
  }
}

type Columns = ReturnType<typeof parquetSchema>['children'];

function linesOf(found: Record<string, unknown>[], columns: Columns, firstRow: number, from: number): MadeRows {
  const errors: LineError[] = [];
  const pieces: Buffer[] = [];
  let length = 0;
  let done = 0;
  for (; done < found.length && length < MAX_LINES; done += 1) {
    const line = recordText(found[done]!, columns);
    if (typeof line !== 'string') errors.push({ line: firstRow + from + done, ...line });
    const piece = Buffer.from(typeof line === 'string' ? `${line}\n` : '\n');
    pieces.push(piece);
    length += piece.length;
  }
  return { lines: new Uint8Array(Buffer.concat(pieces)), errors, next: from + done };
}

function recordText(row: Record<string, unknown>, columns: Columns): string | Omit<LineError, 'line'> {
  let text = '{';
  for (const [i, node] of columns.entries()) {
    const { name } = node.element;
    try {
      text += `${i > 0 ? ',' : ''}${JSON.stringify(name)}:${jsonText(node, row[name], [name])}`;
    } catch (error) {
      if (!(error instanceof NoJson)) throw error;
      return { column: i + 1, path: pathOf(error.keys), reason: error.message };
    }
  }
  return `${text}}`;
}

/** Each with the length that the file says as its limit: a page that grows beyond is none. */
const compressors: Compressors = {
  SNAPPY: (input, length) => {
    const out = new Uint8Array(limited(length));
    snappyUncompress(input, out);
    return out;
  },
  GZIP: (input, length) => gunzipSync(input, { maxOutputLength: limited(length) || 1 }),
  ZSTD: (input, length) => zstdDecompressSync(input, { maxOutputLength: limited(length) || 1 }),
  BROTLI: (input, length) => brotliDecompressSync(input, { maxOutputLength: limited(length) || 1 }),
};

function limited(length: number): number {
  if (!(length >= 0 && length <= MAX_GROUP)) throw new Error('the page is too large');
  return length;
}

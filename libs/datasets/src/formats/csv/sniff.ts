import { parse } from 'csv-parse/sync';
import type { Issue } from '#kernel';
import {
  type ColumnType,
  type CsvColumn,
  type CsvDialect,
  type CsvOptions,
  type Delimiter,
  DELIMITERS,
  typeOf,
} from './dialect.ts';
import { RowSplitter } from './row-splitter.ts';

/** More columns than this no table has that somebody means. */
export const MAX_COLUMNS = 1000;
/** Rows of the sample that are looked at. */
const ROWS = 1000;
const [LINE_FEED, CARRIAGE_RETURN] = [0x0a, 0x0d];

export type Sniffed = { dialect: CsvDialect } | { issue: Issue };

/** How a table is written, by its first bytes: UTF-8, cut anywhere unless it is `whole`. Runs on a thread. */
export function sniff(sample: Uint8Array, whole: boolean, options: CsvOptions): Sniffed {
  const newline = sample.includes(LINE_FEED) || !sample.includes(CARRIAGE_RETURN) ? LINE_FEED : CARRIAGE_RETURN;
  const delimiter = options.delimiter ?? likeliest(sample, newline, whole);
  const rows = rowsOf(sample, { delimiter, newline }, whole);
  const first = rows[0] ?? [];
  if (first.length > MAX_COLUMNS) return { issue: at(MAX_COLUMNS + 1, `Expected at most ${MAX_COLUMNS} columns`) };
  const header = options.header ?? looksLikeHeader(first);
  const names = first.map((name, i) => (header && name !== '' ? name : `column_${i + 1}`));
  const twice = names.findIndex((name, i) => names.indexOf(name) < i);
  if (twice >= 0) return { issue: at(twice + 1, 'A column of that name is there already') };
  const body = header ? rows.slice(1) : rows;
  const columns = names.map((name, i): CsvColumn => {
    const type = saidOf(options, name) ?? saidOf(options, '*') ?? typeOf(body.map((row) => row[i] ?? ''));
    return { name, type };
  });
  return { dialect: { delimiter, newline, header, columns } };
}

function at(column: number, detail: string): Issue {
  return { pointer: `row 1, column ${column}`, detail };
}

/** Names are words, and no two are the same. */
function looksLikeHeader(cells: readonly string[]): boolean {
  const named = cells.filter((cell) => cell !== '');
  const areNames = named.every((cell) => typeOf([cell]) === 'text');
  return areNames && named.length > 0 && new Set(named).size === named.length;
}

/** The delimiter with which most rows have as many cells as the first, and of those the one with most cells. */
function likeliest(sample: Uint8Array, newline: number, whole: boolean): Delimiter {
  const scored = Object.values(DELIMITERS).map((delimiter) => {
    const counts = rowsOf(sample.subarray(0, 65_536), { delimiter, newline }, whole, 100).map((row) => row.length);
    const cells = counts[0] ?? 1;
    const alike = counts.filter((count) => count === cells).length / Math.max(1, counts.length);
    return { delimiter, score: cells > 1 ? alike * 1000 + cells : 0 };
  });
  return scored.reduce((best, each) => (each.score > best.score ? each : best)).delimiter;
}

type How = Pick<CsvDialect, 'delimiter' | 'newline'>;

/** The whole rows of a sample that can be read; the last may be cut, and is left out then. */
function rowsOf(sample: Uint8Array, how: How, whole: boolean, limit = ROWS): string[][] {
  const splitter = new RowSplitter(how);
  const rows: string[][] = [];
  const pieces = [...splitter.take(sample), ...(whole ? splitter.end() : splitter.rest())];
  for (const { bytes, ends } of pieces) {
    let start = 0;
    for (const end of ends) {
      if (rows.length === limit) return rows;
      const cells = cellsOf(bytes.subarray(start, end), how);
      if (cells && !(cells.length === 1 && cells[0] === '')) rows.push(cells);
      start = end;
    }
  }
  return rows;
}

function cellsOf(row: Uint8Array, { delimiter }: How): string[] | null {
  try {
    return parse(Buffer.from(row), { delimiter, relaxColumnCount: true })[0] ?? null;
  } catch {
    return null;
  }
}

/** A column may have the name of something that every object has. */
function saidOf({ types = {} }: CsvOptions, name: string): ColumnType | undefined {
  return Object.hasOwn(types, name) ? types[name] : undefined;
}

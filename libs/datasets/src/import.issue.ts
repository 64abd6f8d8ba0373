import type { Issue } from '#kernel';
import type { ImportFormat } from './formats/import-format.ts';
import type { LineError } from './ingest/line-error.ts';

type Nullable<T> = { [K in keyof T]: T[K] | null };

/** What a row of such a file is called. */
export function rowName(format: ImportFormat): 'line' | 'row' {
  return format === 'jsonl' ? 'line' : 'row';
}

/** A wrong row as a problem names it: `line 3, column 7`, or `row 3, column 2` where rows are no lines. */
export function issueOf({ line, column, reason }: LineError, format: ImportFormat): Issue {
  const row = `${rowName(format)} ${line}`;
  return { pointer: column === undefined ? row : `${row}, column ${column}`, detail: reason };
}

const SHOWN = 100;

/** The first of them, as many as an answer names. */
export function issuesOf(errors: readonly LineError[], format: ImportFormat): Issue[] {
  return errors.slice(0, SHOWN).map((error) => issueOf(error, format));
}

/** A wrong row as the error file has it. */
export function errorLine({ line, column, path, reason }: Nullable<LineError>, format: ImportFormat): string {
  const place = format === 'jsonl' ? { line } : { row: line };
  return JSON.stringify({ ...place, ...(column && { column }), ...(path && { path }), reason });
}

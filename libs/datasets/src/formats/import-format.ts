import { UnsupportedFormat } from '../dataset.errors.ts';

export type ImportFormat = 'jsonl' | 'json' | 'csv' | 'parquet';

/** What an `application/json` file is called on its way in: under its own name the server would read it whole, as a body. */
export const JSON_FILE = 'application/vnd.vault.json-file';

/** By the content type without its parameters. */
const FORMATS: Record<string, ImportFormat> = {
  'application/x-ndjson': 'jsonl',
  [JSON_FILE]: 'json',
  'text/csv': 'csv',
  'application/vnd.apache.parquet': 'parquet',
};

/** Content types whose bodies are files, or parts of one: they are handed over unread, and take as long as they need. */
export const FILE_TYPES: readonly string[] = [...Object.keys(FORMATS), 'application/octet-stream'];

/** @throws UnsupportedFormat */
export function formatOf(contentType: string | undefined): ImportFormat {
  const type = contentType?.split(';')[0]?.trim().toLowerCase() ?? '';
  const format = FORMATS[type === 'application/json' ? JSON_FILE : type];
  if (!format) throw new UnsupportedFormat();
  return format;
}

/** What was learned of a file by looking at it, and how it was read. Column names that could be a value are `*`. */
export interface FileReport {
  type: ImportFormat;
  encoding?: string;
  delimiter?: string;
  header?: boolean;
  columns?: { name: string; type: string }[];
}

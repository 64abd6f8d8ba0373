import type { RecordFilter } from '../record.filter.ts';

export const EXPORT_FORMATS = ['jsonl', 'csv', 'parquet'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export const TEMPLATES = ['openai-chat', 'sharegpt', 'alpaca', 'dpo', 'text'] as const;
export type TemplateName = (typeof TEMPLATES)[number];

/** What of a dataset goes out, in which order, and how it is written. The same for one commit gives the same bytes. */
export interface ExportOptions {
  ref?: string;
  /** The name of one. */
  view?: string;
  format: ExportFormat;
  template?: TemplateName;
  filter: RecordFilter;
  /** The records of which a hash of their id gives `index`, of 0 to `of` - 1. */
  shard?: { index: number; of: number };
  /** In an order that only this and the ids decide; in the order they came in when left out. */
  shuffleSeed?: string;
  /** So many records are there already: it goes on behind them. */
  after: number;
  /** Records that do not fit the template are left out, instead of ending the export. */
  skipUnfit: boolean;
}

export const EVERYTHING: ExportOptions = { format: 'jsonl', filter: {}, after: 0, skipUnfit: false };

export const EXPORT_TYPES: Record<ExportFormat, { type: string; extension: string }> = {
  jsonl: { type: 'application/x-ndjson', extension: 'jsonl' },
  csv: { type: 'text/csv; charset=utf-8', extension: 'csv' },
  parquet: { type: 'application/vnd.apache.parquet', extension: 'parquet' },
};

import { ERRORS_KEPT, type LineError } from '../ingest/line-error.ts';
import type { FileReport } from './import-format.ts';

/** Rows that cannot become a record, in the order of the file; of very many only the first are told one by one. */
export class RowErrors {
  count = 0;
  readonly told: LineError[] = [];

  add(error: LineError): void {
    this.count += 1;
    if (this.told.length < ERRORS_KEPT) this.told.push(error);
  }
}

/** A file as JSON Lines, line n for its row n: a row that is wrong, or no record, is an empty line. */
export interface LineSource {
  report: FileReport;
  lines: AsyncIterable<Uint8Array>;
  /** Complete when the lines are. */
  errors: RowErrors;
  /** Frees what reading it took. */
  close?: () => Promise<void>;
}

/** What is JSON Lines already. */
export function plainLines(lines: AsyncIterable<Uint8Array>): LineSource {
  return { report: { type: 'jsonl' }, lines, errors: new RowErrors() };
}

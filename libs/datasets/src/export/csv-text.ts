import type { Value } from './exact-json.ts';

/** A spreadsheet runs a text that begins so as a formula (OWASP, CSV injection). */
const FORMULA = /^[=+\-@\t\r\n\uff0b\uff0d\uff1d\uff20]/;

/** RFC 4180, with its line end. */
export function csvRow(cells: readonly (Value | undefined)[]): string {
  return `${cells.map(cellOf).join(',')}\r\n`;
}

/** Nothing for null, JSON for what is nested; a text that a spreadsheet would run gets an apostrophe before it. */
function cellOf(value: Value | undefined): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'string') return quoted(JSON.stringify(value));
  if (value === '') return '""';
  return quoted(FORMULA.test(value) ? `'${value}` : value);
}

function quoted(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

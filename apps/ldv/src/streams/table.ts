import { parse } from 'csv-parse';
import { Readable } from 'node:stream';

const DELIMITERS = [',', ';', '\t', '|'];

export interface Table {
  delimiter: string;
  /** The first is the header. */
  rows: AsyncIterable<{ cells: string[]; line: number }>;
}

/** CSV as it is found in the world (RFC 4180 and its relatives); the delimiter is the one the header has most of. */
export async function tableOf(source: Readable): Promise<Table> {
  const chunks = source[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const first = await chunks.next();
  const delimiter = first.done ? ',' : delimiterOf(first.value.toString('utf8'));
  const whole = Readable.from(first.done ? [] : again(first.value, chunks));
  const parser = parse({
    bom: true,
    info: true,
    delimiter,
    relaxColumnCount: true,
    relaxQuotes: true,
    skipEmptyLines: true,
  });
  whole.on('error', (error) => parser.destroy(error));
  return { delimiter, rows: rowsOf(whole.pipe(parser) as AsyncIterable<Parsed>) };
}

interface Parsed {
  record: string[];
  info: { lines: number };
}

async function* rowsOf(parsed: AsyncIterable<Parsed>): Table['rows'] {
  for await (const { record, info } of parsed) yield { cells: record, line: info.lines };
}

async function* again(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

function delimiterOf(text: string): string {
  const header = text.slice(0, text.search(/[\r\n]|$/)).replaceAll(/"[^"]*"/g, '');
  const times = (delimiter: string): number => header.split(delimiter).length;
  return DELIMITERS.reduce((best, each) => (times(each) > times(best) ? each : best));
}

/** One row as an object: what a column is called is context for what is in it. Two of one name stay two. */
export function asObject(names: readonly string[], cells: readonly string[]): Record<string, string> {
  const object: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [at, cell] of cells.entries()) {
    const name = names[at] ?? `column ${at + 1}`;
    object[name in object || /^\d+$/.test(name) ? `${name} (${at + 1})` : name] = cell;
  }
  return object;
}

/** RFC 4180. */
export function rowText(cells: readonly string[], delimiter: string): string {
  const field = (cell: string): string =>
    /["\r\n]/.test(cell) || cell.includes(delimiter) ? `"${cell.replaceAll('"', '""')}"` : cell;
  return `${cells.map(field).join(delimiter)}\n`;
}

/** `json` columns hold objects and lists as JSON texts. */
export const COLUMN_TYPES = ['text', 'integer', 'number', 'boolean', 'json'] as const;
export type ColumnType = (typeof COLUMN_TYPES)[number];

export const ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'latin-1'] as const;
export type TextEncodingName = (typeof ENCODINGS)[number];

export const DELIMITERS = { comma: ',', semicolon: ';', tab: '\t', pipe: '|' } as const;
export type Delimiter = (typeof DELIMITERS)[keyof typeof DELIMITERS];

export interface CsvColumn {
  name: string;
  type: ColumnType;
}

export interface CsvDialect {
  delimiter: Delimiter;
  /** The byte that ends a row; a carriage return before a line feed belongs to it. */
  newline: number;
  header: boolean;
  columns: CsvColumn[];
}

/** What the sender knows better than a look at the beginning of the file. */
export interface CsvOptions {
  encoding?: TextEncodingName;
  delimiter?: Delimiter;
  header?: boolean;
  /** By column; `*` is every other. */
  types?: Record<string, ColumnType>;
}

/** Fifteen digits are a number everywhere; more would come out of a double as another one. */
const INTEGER = /^-?(?:0|[1-9]\d{0,14})$/;
const NUMBER = /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,17})?(?:[eE][+-]?\d{1,3})?$/;
const BOOLEAN = /^(?:true|false)$/i;

/** The cell as JSON text, or null when it is not of the type. An empty one is nothing, but in a column of text. */
export function jsonOf(cell: string, type: ColumnType): string | null {
  if (type === 'text') return JSON.stringify(cell);
  if (cell === '') return 'null';
  switch (type) {
    case 'integer':
      return INTEGER.test(cell) ? cell : null;
    case 'number':
      return NUMBER.test(cell) && Number.isFinite(Number(cell)) ? cell : null;
    case 'boolean':
      return BOOLEAN.test(cell) ? cell.toLowerCase() : null;
    case 'json':
      return isContainer(cell) ? cell.replaceAll(/[\r\n]+/g, ' ') : null;
  }
}

function isContainer(cell: string): boolean {
  if (!/^\s*[[{]/.test(cell)) return false;
  try {
    JSON.parse(cell);
    return true;
  } catch {
    return false;
  }
}

/** From the narrowest on; text is what everything is. */
const NARROWER: readonly ColumnType[] = ['integer', 'number', 'boolean', 'json'];

/** What every cell is that is not empty. */
export function typeOf(cells: readonly string[]): ColumnType {
  const filled = cells.filter((cell) => cell !== '');
  if (filled.length === 0) return 'text';
  return NARROWER.find((type) => filled.every((cell) => jsonOf(cell, type) !== null)) ?? 'text';
}

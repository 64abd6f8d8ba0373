import { zstdCompressSync } from 'node:zlib';
import type { RowGroup, SchemaElement } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { isRawJSON, type Value } from '../../export/exact-json.ts';
import type { Shape, Struct } from '../../export/shape.ts';

/** What the file's end has to say of a part of it. */
export interface ParquetIndexes {
  groups: RowGroup[];
  rows: number;
  pages: ParquetWriter['pendingIndexes'];
}

export interface ParquetPart extends ParquetIndexes {
  bytes: Uint8Array<ArrayBuffer>;
}

/** The mark at the beginning of a file. */
const MARK = 4;

/** Rows as one row group of a file that has `base` bytes so far; the first part begins the file. Runs on a thread. */
export function parquetGroup(columns: Struct, rows: { [key: string]: Value }[], base: number): ParquetPart {
  const writer = writerAt(schemaOf(columns), base);
  const columnData = [...columns.fields].map(([name, shape]) => ({
    name,
    // Of what is nested or JSON nobody asks for the smallest.
    statistics: !['list', 'struct', 'json'].includes(shape.kind),
    data: rows.map((row) => stored(shape, Object.hasOwn(row, name) ? row[name] : null)),
  }));
  if (rows.length > 0) void writer.parquet.write({ columnData, rowGroupSize: rows.length });
  const bytes = writer.bytes(base === 0 ? 0 : MARK);
  return { bytes, groups: writer.parquet.row_groups, rows: rows.length, pages: writer.parquet.pendingIndexes };
}

/** What ends the file. */
export function parquetFooter(
  columns: Struct,
  parts: readonly ParquetIndexes[],
  base: number,
): { bytes: Uint8Array<ArrayBuffer> } {
  const writer = writerAt(markedJson(schemaOf(columns)), base);
  const { parquet } = writer;
  parquet.row_groups = parts.flatMap(({ groups }) => groups);
  parquet.pendingIndexes = parts.flatMap(({ pages, groups }) => {
    const chunks = groups.flatMap((group) => group.columns);
    // On their way between threads both became copies: what is said of an index must be said of the group's own column.
    return pages.map((page, i) => ({ ...page, chunk: chunks[i]! }));
  });
  parquet.num_rows = BigInt(parts.reduce((sum, { rows }) => sum + rows, 0));
  void parquet.finish();
  return { bytes: writer.bytes(base === 0 ? 0 : MARK) };
}

function writerAt(
  schema: SchemaElement[],
  base: number,
): { parquet: ParquetWriter; bytes(from: number): Uint8Array<ArrayBuffer> } {
  const out = new ByteWriter(1024 * 1024);
  const parquet = new ParquetWriter({
    writer: out,
    schema,
    codec: 'ZSTD',
    compressors: { ZSTD: (bytes) => zstdCompressSync(bytes) },
    createdBy: 'llm-data-vault',
  });
  // Places in the file are counted from its beginning, wherever the bytes are put together.
  if (base > 0) out.offset = base;
  return { parquet, bytes: (from) => new Uint8Array(out.getBytes().subarray(from)) };
}

/** A value as the column holds it. */
function stored(shape: Shape, value: Value | undefined): unknown {
  if (value === null || value === undefined) return undefined;
  switch (shape.kind) {
    case 'integer':
      return BigInt(isRawJSON(value) ? value.rawJSON : (value as number));
    case 'number':
      return Number(isRawJSON(value) ? value.rawJSON : value);
    case 'json':
      return new Uint8Array(Buffer.from(JSON.stringify(value)));
    case 'list':
      return (value as Value[]).map((each) => stored(shape.of, each));
    case 'struct':
      return Object.fromEntries([...shape.fields].map(([key, of]) => [key, stored(of, (value as never)[key])]));
    default:
      return value;
  }
}

/**
 * JSON is put down as the bytes it is. The older mark, which most readers go by, would have the writer make JSON of it
 * once more: so only the file's end has it.
 */
function markedJson(schema: SchemaElement[]): SchemaElement[] {
  return schema.map((each) => (each.logical_type?.type === 'JSON' ? { ...each, converted_type: 'JSON' } : each));
}

function schemaOf(columns: Struct): SchemaElement[] {
  const root = { name: 'schema', num_children: columns.fields.size };
  return [root, ...[...columns.fields].flatMap(([name, shape]) => elementsOf(name, shape))];
}

const OPTIONAL = { repetition_type: 'OPTIONAL' } as const;

function elementsOf(name: string, shape: Shape): SchemaElement[] {
  switch (shape.kind) {
    case 'list':
      return [
        { name, ...OPTIONAL, num_children: 1, converted_type: 'LIST', logical_type: { type: 'LIST' } },
        { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
        ...elementsOf('element', shape.of),
      ];
    case 'struct': {
      const children = [...shape.fields].flatMap(([key, each]) => elementsOf(key, each));
      return [{ name, ...OPTIONAL, num_children: shape.fields.size }, ...children];
    }
    case 'boolean':
      return [{ name, ...OPTIONAL, type: 'BOOLEAN' }];
    case 'integer':
      return [{ name, ...OPTIONAL, type: 'INT64' }];
    case 'number':
      return [{ name, ...OPTIONAL, type: 'DOUBLE' }];
    case 'json':
      return [{ name, ...OPTIONAL, type: 'BYTE_ARRAY', logical_type: { type: 'JSON' } }];
    case 'text':
    case 'nothing':
      return [{ name, ...OPTIONAL, type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } }];
  }
}

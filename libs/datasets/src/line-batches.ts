import type { Database } from '#database';
import { joined } from './json-lines.ts';
import type { Layer } from './layers.ts';
import { pagesOf } from './record-pages.ts';
import type { RecordReader } from './record.reader.ts';
import type { RecordRepository } from './record.repository.ts';
import type { StoredVersion } from './record-version.entity.ts';

const PAGE = 1000;
const AT_ONCE_BYTES = 8 * 1024 * 1024;
/** Batches on their way through the threads. */
const AHEAD = 3;

export interface LineParts {
  database: Database;
  records: RecordRepository;
  reader: RecordReader;
}

/** What is looked at, and for whom. */
export interface Looked {
  tenantId: string;
  layers: readonly Layer[];
  signal: AbortSignal;
}

/** Every record seen through layers, in batches and in the order they came in, with what a thread makes of their lines. */
export async function* overLines<T>(
  { database, records, reader }: LineParts,
  { tenantId, layers, signal }: Looked,
  make: (lines: Buffer) => Promise<T>,
): AsyncGenerator<{ rows: StoredVersion[]; made: T }> {
  const ahead: { rows: StoredVersion[]; made: Promise<T> }[] = [];
  const next = async (): Promise<{ rows: StoredVersion[]; made: T }> => {
    const { rows, made } = ahead.shift()!;
    return { rows, made: await made };
  };
  for await (const page of pagesOf(database, records, { tenantId, layers }, PAGE)) {
    for (const rows of cut(page, ({ bytes }) => bytes)) {
      signal.throwIfAborted();
      const made = make(joined(await reader.scattered(tenantId, rows)));
      // Awaited in its turn: a failure before that must not count as unhandled.
      made.catch(() => undefined);
      if (ahead.push({ rows, made }) > AHEAD) yield await next();
    }
  }
  while (ahead.length > 0) yield await next();
}

/** In pieces of so many bytes and so many items, or of a single one that is larger. */
export function* cut<T>(items: readonly T[], sizeOf: (item: T) => number, most = Infinity): Generator<T[]> {
  let [piece, bytes]: [T[], number] = [[], 0];
  for (const item of items) {
    const size = sizeOf(item);
    if (piece.length > 0 && (bytes + size > AT_ONCE_BYTES || piece.length === most)) {
      yield piece;
      [piece, bytes] = [[], 0];
    }
    piece.push(item);
    bytes += size;
  }
  if (piece.length > 0) yield piece;
}

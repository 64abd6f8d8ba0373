import type { VaultError } from '#kernel';
import { pathOf } from '#pii';
import { FileUnreadable, InflatesTooFar } from '../../dataset.errors.ts';
import type { FormatWork } from '../format.tasks.ts';
import { type LineSource, RowErrors } from '../line.source.ts';
import type { Spool } from '../spool.ts';
import type { OpenedParquet } from './parquet.file.ts';

/** Length of the metadata and the mark, at the very end. */
const TAIL = 8;
const MAX_FOOTER = 64 * 1024 * 1024;
/** As with what is compressed from outside: more is no data anybody wrote. */
const MAX_RATIO = 100;
const FREE_BYTES = 1024 * 1024;

type Opened = Exclude<OpenedParquet, { issue: unknown }>;

/** A Parquet file as JSON Lines. Its end says where things are: so it is put aside first, sealed, and read by ranges. */
export async function parquetLines(
  source: AsyncIterable<Uint8Array>,
  spool: Spool,
  work: FormatWork,
): Promise<LineSource> {
  try {
    for await (const chunk of source) await spool.write(chunk);
    const opened = await work.run({ kind: 'parquet-open', footer: await footerOf(spool) });
    if ('issue' in opened) throw new FileUnreadable().with({ issues: [opened.issue] });
    if (opened.groups.some(({ start, end }) => start < 0 || end > spool.size)) throw noParquet();
    const errors = new RowErrors();
    const columns = opened.columns.map(({ name, type }) => ({ name: pathOf([name]).slice(1), type }));
    return {
      report: { type: 'parquet', columns },
      lines: lines(spool, opened, work, errors),
      errors,
      close: () => spool.remove(),
    };
  } catch (error) {
    await spool.remove();
    throw error;
  }
}

async function* lines(spool: Spool, opened: Opened, work: FormatWork, errors: RowErrors): AsyncGenerator<Uint8Array> {
  const { schema, groups } = opened;
  let grown = 0;
  for (const { group, firstRow, rows, start, end } of groups) {
    for (let from = 0; from < rows;) {
      const bytes = await spool.read(start, end);
      const task = { kind: 'parquet-rows' as const, schema, group, firstRow, rows, start, bytes, from };
      const made = await work.run(task, [bytes]);
      if (made.issue) throw new FileUnreadable().with({ issues: [made.issue] });
      for (const error of made.errors) errors.add(error);
      grown += made.lines.length;
      if (grown > FREE_BYTES && grown > spool.size * MAX_RATIO) throw new InflatesTooFar();
      yield made.lines;
      from = made.next;
    }
  }
}

async function footerOf(spool: Spool): Promise<ArrayBuffer> {
  if (spool.size < TAIL + 4) throw noParquet();
  const tail = Buffer.from(await spool.read(spool.size - TAIL, spool.size));
  const length = tail.readUInt32LE(0) + TAIL;
  if (tail.toString('latin1', 4) !== 'PAR1' || length > Math.min(spool.size, MAX_FOOTER)) throw noParquet();
  return spool.read(spool.size - length, spool.size);
}

function noParquet(): VaultError {
  const detail = 'Expected a whole Parquet file that is not encrypted';
  return new FileUnreadable().with({ issues: [{ pointer: '', detail }] });
}

import { pathOf } from '#pii';
import { FileUnreadable } from '../../dataset.errors.ts';
import { type FormatWork, inOrder } from '../format.tasks.ts';
import { type LineSource, RowErrors } from '../line.source.ts';
import { beginningOf } from '../stream-beginning.ts';
import type { CsvDialect, CsvOptions } from './dialect.ts';
import { type RowBatch, RowSplitter } from './row-splitter.ts';
import { encodingOf, inUtf8 } from './text-decoding.ts';

/** So much of a file says how the rest is written. */
const SAMPLE = 256 * 1024;

/** A table (RFC 4180 and its relatives) as JSON Lines: how it is written is seen at its beginning, unless it is said. */
export async function csvLines(
  source: AsyncIterable<Uint8Array>,
  options: CsvOptions,
  work: FormatWork,
): Promise<LineSource> {
  const raw = await beginningOf(source, SAMPLE);
  const encoding = options.encoding ?? encodingOf(raw.beginning);
  const text = await beginningOf(inUtf8(raw.all, encoding), SAMPLE);
  const sniffed = await work.run({ kind: 'csv-sniff', sample: text.beginning, whole: text.isWhole, options });
  if ('issue' in sniffed) {
    await text.close();
    throw new FileUnreadable().with({ issues: [sniffed.issue] });
  }
  const { dialect } = sniffed;
  const errors = new RowErrors();
  const { delimiter, header } = dialect;
  const columns = dialect.columns.map(({ name, type }) => ({ name: pathOf([name]).slice(1), type }));
  return {
    report: { type: 'csv', encoding, delimiter, header, columns },
    lines: lines(text.all, dialect, work, errors),
    errors,
  };
}

async function* lines(
  text: AsyncIterable<Uint8Array>,
  dialect: CsvDialect,
  work: FormatWork,
  errors: RowErrors,
): AsyncGenerator<Uint8Array> {
  const convert = ({ batch, skipped }: Cut) =>
    work.run({ kind: 'csv-rows', batch, dialect }, [batch.bytes.buffer]).then((made) => ({ made, skipped }));
  for await (const { made, skipped } of inOrder(batches(text, dialect), convert, work.parallel)) {
    const reason = 'longer than 4 MiB, or a quote that does not close';
    const all = [...made.errors, ...skipped.map((line) => ({ line, reason }))].sort((a, b) => a.line - b.line);
    for (const error of all) errors.add(error);
    yield made.lines;
  }
}

interface Cut {
  batch: RowBatch;
  skipped: number[];
}

async function* batches(text: AsyncIterable<Uint8Array>, dialect: CsvDialect): AsyncGenerator<Cut> {
  const named = dialect.columns.reduce((sum, { name }) => sum + name.length + 6, 2);
  const splitter = new RowSplitter(dialect, named);
  const cut = (batch: RowBatch): Cut => ({ batch, skipped: splitter.tooLong.splice(0) });
  for await (const chunk of text) for (const batch of splitter.take(chunk)) yield cut(batch);
  for (const batch of splitter.end()) yield cut(batch);
}

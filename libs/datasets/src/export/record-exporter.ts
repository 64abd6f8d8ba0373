import { inOrder } from '../formats/format.tasks.ts';
import type { Layer } from '../layers.ts';
import { joined } from '../json-lines.ts';
import type { RecordReader } from '../record.reader.ts';
import type { StoredVersion } from '../record-version.entity.ts';
import type { OpenView, RecordViewer } from '../views/record.viewer.ts';
import { csvRow } from './csv-text.ts';
import type { ExportFormat, ExportOptions } from './export.options.ts';
import type { ExportPool, ExportTasks } from './export.tasks.ts';
import type { RecordSelection } from './record-selection.ts';
import { columnsOf, merged, type Shape } from './shape.ts';

/** Of which commit, for whom, and what of it. */
export interface ExportRun {
  tenantId: string;
  layers: readonly Layer[];
  /** In the commit. */
  records: number;
  options: ExportOptions;
  /** What they are shown through; null for what they are. */
  view: OpenView | null;
}

/** What an export will hold, from going over all of it once. */
export interface Survey {
  records: number;
  unfit: number;
  /** The first hundred. */
  unfitShown: { recordId: string; reason: string }[];
  /** Records that fit, by batch. */
  fits: number[];
  shape: Shape;
}

interface Wanted {
  rows: StoredVersion[];
  skip: number;
}

const UNFIT_SHOWN = 100;
const READ_AHEAD = 2;
/** A batch of Parquet is a row group of the file. */
const LIMITS: Record<ExportFormat, { bytes: number; rows: number }> = {
  jsonl: { bytes: 4 * 1024 * 1024, rows: 4096 },
  csv: { bytes: 4 * 1024 * 1024, rows: 4096 },
  parquet: { bytes: 16 * 1024 * 1024, rows: 32_768 },
};

/** Writes records out: read in batches, told and put down on threads, given out in order. */
export class RecordExporter {
  constructor(
    private readonly selection: RecordSelection,
    private readonly reader: RecordReader,
    private readonly pool: ExportPool,
    private readonly parallel: number,
    private readonly viewer: Pick<RecordViewer, 'joined'>,
  ) {}

  /** Goes over everything: columns are known, and what does not fit, before the first byte is out. */
  async survey(run: ExportRun): Promise<Survey> {
    const total: Survey = { records: 0, unfit: 0, unfitShown: [], fits: [], shape: { kind: 'nothing' } };
    const { template } = run.options;
    const look = async (rows: StoredVersion[]) => {
      const lines = await this.lines(run, rows);
      return { rows, found: await this.perform({ kind: 'export-survey', lines, template }) };
    };
    for await (const { rows, found } of inOrder(this.batches(run), look, this.parallel)) {
      total.records += found.fits;
      total.unfit += found.unfit.length;
      total.fits.push(found.fits);
      total.shape = merged(total.shape, found.shape);
      for (const { index, reason } of found.unfit.slice(0, UNFIT_SHOWN - total.unfitShown.length)) {
        total.unfitShown.push({ recordId: rows[index]!.recordId, reason });
      }
    }
    return total;
  }

  /** The bytes of the export. Without a survey it is JSON Lines as they came in. */
  stream(run: ExportRun, survey: Survey | null): AsyncGenerator<Uint8Array> {
    if (!survey) return this.asTheyCame(run);
    return run.options.format === 'parquet' ? this.parquet(run, survey) : this.text(run, survey);
  }

  private async *asTheyCame(run: ExportRun): AsyncGenerator<Uint8Array> {
    const read = ({ rows, skip }: Wanted): Promise<Uint8Array> => this.lines(run, rows.slice(skip));
    yield* inOrder(this.wanted(run, null), read, run.view ? this.parallel : READ_AHEAD);
  }

  private async *text(run: ExportRun, { shape, fits }: Survey): AsyncGenerator<Uint8Array> {
    const { format, template, after } = run.options;
    const columns = format === 'csv' ? [...columnsOf(shape).fields.keys()] : null;
    if (columns && after === 0) yield Buffer.from(csvRow(columns));
    const write = async ({ rows, skip }: Wanted) => {
      const lines = await this.lines(run, rows);
      return this.perform({ kind: 'export-rows', lines, template, columns, shape, skip });
    };
    for await (const { bytes } of inOrder(this.wanted(run, fits), write, this.parallel)) {
      if (bytes.length > 0) yield bytes;
    }
  }

  /** One row group after another, as each has to know where in the file it is. */
  private async *parquet(run: ExportRun, { shape, fits }: Survey): AsyncGenerator<Uint8Array> {
    const { template } = run.options;
    const parts = [];
    let base = 0;
    const read = async ({ rows, skip }: Wanted) => ({ skip, lines: await this.lines(run, rows) });
    for await (const { lines, skip } of inOrder(this.wanted(run, fits), read, READ_AHEAD)) {
      const { bytes, ...part } = await this.perform({ kind: 'parquet-group', lines, template, shape, skip, base });
      if (part.rows === 0) continue;
      parts.push(part);
      base += bytes.length;
      yield bytes;
    }
    yield (await this.perform({ kind: 'parquet-footer', columns: columnsOf(shape), parts, base })).bytes;
  }

  /** Batches without those that are there already, and how many of the first one's records are. */
  private async *wanted(run: ExportRun, fits: readonly number[] | null): AsyncGenerator<Wanted> {
    let left = run.options.after;
    let batch = 0;
    for await (const rows of this.batches(run)) {
      const count = fits ? fits[batch]! : rows.length;
      if (left < count) yield { rows, skip: left };
      left = Math.max(0, left - count);
      batch += 1;
    }
  }

  private batches({ tenantId, layers, records, options }: ExportRun): AsyncGenerator<StoredVersion[]> {
    return this.selection.batches(tenantId, layers, { ...options, records }, LIMITS[options.format]);
  }

  /** The one way that contents come into an export: whatever is made of them, it is of what the view shows. */
  private async lines({ tenantId, options, view }: ExportRun, rows: StoredVersion[]): Promise<Uint8Array> {
    const isShuffled = options.shuffleSeed !== undefined;
    const read = isShuffled ? this.reader.scattered(tenantId, rows) : this.reader.contents(tenantId, rows);
    const lines = joined(await read);
    return view ? this.viewer.joined(view, lines) : lines;
  }

  private perform<K extends keyof ExportTasks>(
    task: { kind: K } & ExportTasks[K]['task'],
  ): Promise<ExportTasks[K]['result']> {
    return this.pool.run(task);
  }
}

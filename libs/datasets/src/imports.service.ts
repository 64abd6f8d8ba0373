import { Readable } from 'node:stream';
import type { Audit } from '#audit';
import type { Database } from '#database';
import { type Issue, type Principal, showId } from '#kernel';
import { BranchProtected, ImportNotFound, RefNotFound } from './dataset.errors.ts';
import type { Branch } from './branch.entity.ts';
import type { DatasetRepository } from './dataset.repository.ts';
import type { ImportCounters } from './import.counters.ts';
import type { Import } from './import.entity.ts';
import { errorLine } from './import.issue.ts';
import type { ImportRepository } from './import.repository.ts';
import type { ImportRunner, RunImport } from './import.runner.ts';
import type { CsvOptions } from './formats/csv/dialect.ts';
import type { FileReaders } from './formats/file.readers.ts';
import { type FileReport, formatOf, type ImportFormat } from './formats/import-format.ts';
import type { Ingested } from './ingest/ingested.ts';
import { encodingNamed, inflate } from './ingest/inflate.ts';
import type { SaidFrom } from './ingest/segment.task.ts';

export interface Upload {
  stream: Readable;
  /** Content-Type, as sent. */
  type: string | undefined;
  /** Content-Encoding, as sent. */
  encoding: string | undefined;
}

export interface ImportOptions {
  branch?: string;
  message?: string;
  strict: boolean;
  /** What is said of a table. */
  csv?: CsvOptions;
  /** Where rows say more of their records. */
  saidFrom?: SaidFrom;
}

export interface BringOptions extends ImportOptions, Pick<RunImport, 'begun' | 'also'> {
  signal?: AbortSignal;
  progress?: RunImport['options']['progress'];
}

/** What an import would do. */
export interface TriedImport {
  ingested: Ingested;
  report: FileReport;
  strict: boolean;
  /** What the gates of the branch would say: the first of it. */
  gates: Issue[];
}

export interface ImportsParts {
  database: Database;
  datasets: DatasetRepository;
  imports: ImportRepository;
  runner: ImportRunner;
  audit: Audit;
  counters: ImportCounters;
  readers: FileReaders;
}

const ERRORS_AT_ONCE = 5000;

/** Frees what reading the file took, however the work ends. */
async function closing<T>({ source }: Pick<RunImport, 'source'>, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    await source.close?.();
  }
}

/** Files brought into datasets. */
export class ImportsService {
  constructor(private readonly parts: ImportsParts) {}

  /**
   * Imports a file as one commit while it streams in.
   *
   * @throws DatasetNotFound, RefNotFound, BranchProtected, UnsupportedFormat, and what `FileReaders.open` and
   *   `ImportRunner.run` throw
   */
  import(caller: Principal, datasetId: string, upload: Upload, options: ImportOptions): Promise<Import> {
    return this.bring(caller, datasetId, upload, options);
  }

  /** The same for a job, which has more to do with it. @throws what `import` throws */
  async bring(caller: Principal, datasetId: string, upload: Upload, options: BringOptions): Promise<Import> {
    const run = await this.open(caller, datasetId, upload, options);
    const { signal, progress, begun } = options;
    const imported = await closing(run, () =>
      this.parts.runner.run({
        ...run,
        options: { ...run.options, signal, progress },
        begun,
        also: async (importId, commitId, ingested) => {
          const { statistics, rejected, quarantined } = ingested;
          const shown = { import: showId('imp', importId), commit: showId('cm', commitId) };
          await this.parts.audit.append(caller, {
            action: 'dataset.import',
            resource: showId('ds', datasetId),
            details: { ...shown, records: statistics.records, rejected, quarantined },
          });
          await options.also?.(importId, commitId, ingested);
        },
      }),
    );
    this.parts.counters.imported(imported.records, imported.bytes, imported.findingsByType);
    return imported;
  }

  /** Looks at everything and writes nothing. @throws what `import` throws, but for wrong rows */
  async tryOut(caller: Principal, datasetId: string, upload: Upload, options: ImportOptions): Promise<TriedImport> {
    const run = await this.open(caller, datasetId, upload, options);
    const { ingested, gates } = await closing(run, () => this.parts.runner.tryOut(run));
    return { ingested, gates, report: run.source.report, strict: options.strict };
  }

  private async open(
    caller: Principal,
    datasetId: string,
    upload: Upload,
    options: ImportOptions,
  ): Promise<Omit<RunImport, 'also'>> {
    const branch = await this.check(caller, datasetId, upload, options);
    const encoding = encodingNamed(upload.encoding);
    const format = formatOf(upload.type);
    const { strict, message = 'Import', csv = {}, saidFrom } = options;
    return {
      author: caller,
      branch,
      message,
      source: await this.parts.readers.open(format, inflate(upload.stream, encoding), csv),
      options: { strict, anonymize: null, saidFrom },
    };
  }

  /**
   * Where it would go; and says before anything is sent whether it could.
   *
   * @throws DatasetNotFound, RefNotFound, BranchProtected, UnsupportedFormat, OptionNotForFormat
   */
  check(
    caller: Principal,
    datasetId: string,
    { type, encoding }: Pick<Upload, 'type' | 'encoding'>,
    { branch, csv = {} }: Pick<ImportOptions, 'branch' | 'csv'>,
  ): Promise<Branch> {
    encodingNamed(encoding);
    this.parts.readers.check(formatOf(type), csv);
    return this.branch(caller, datasetId, branch);
  }

  /** @throws ImportNotFound */
  get(caller: Principal, id: string): Promise<Import> {
    return this.parts.database.inTenant(caller.tenantId, async () => {
      const row = await this.parts.imports.find(id);
      if (!row) throw new ImportNotFound();
      return row;
    });
  }

  /** The rows that were not imported, as JSONL; of very many the first. @throws ImportNotFound */
  async errors(caller: Principal, id: string): Promise<Readable> {
    const { report } = await this.get(caller, id);
    return Readable.from(this.errorLines(caller.tenantId, id, report?.type ?? 'jsonl'), { objectMode: false });
  }

  private async *errorLines(tenantId: string, id: string, format: ImportFormat): AsyncGenerator<string> {
    let after = 0;
    for (;;) {
      const page = await this.parts.database.inTenant(tenantId, () =>
        this.parts.imports.errors(id, ERRORS_AT_ONCE, after),
      );
      const last = page.at(-1);
      if (!last) return;
      after = last.line;
      yield page.map((error) => `${errorLine(error, format)}\n`).join('');
    }
  }

  private branch(caller: Principal, datasetId: string, name?: string): Promise<Branch> {
    return this.parts.database.inTenant(caller.tenantId, async () => {
      const dataset = await this.parts.datasets.mustFind(datasetId);
      const branch = await this.parts.datasets.findBranch(datasetId, name ?? dataset.defaultBranch);
      if (!branch) throw new RefNotFound();
      // Looked at again when it is published; here it spares the upload.
      if (branch.isProtected) throw new BranchProtected();
      return branch;
    });
  }
}

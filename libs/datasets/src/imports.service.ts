import { Readable } from 'node:stream';
import type { Audit } from '#audit';
import type { Database } from '#database';
import { type Principal, showId } from '#kernel';
import { BranchProtected, DatasetNotFound, ImportNotFound, RefNotFound } from './dataset.errors.ts';
import type { Branch } from './branch.entity.ts';
import type { DatasetRepository } from './dataset.repository.ts';
import type { ImportCounters } from './import.counters.ts';
import type { Import } from './import.entity.ts';
import type { ImportRepository } from './import.repository.ts';
import type { ImportRunner } from './import.runner.ts';
import { encodingNamed, inflate } from './ingest/inflate.ts';

export interface Upload {
  stream: Readable;
  /** Content-Encoding, as sent. */
  encoding: string | undefined;
}

export interface ImportOptions {
  branch?: string;
  message?: string;
  strict: boolean;
}

const ERRORS_AT_ONCE = 5000;

/** Files brought into datasets. */
export class ImportsService {
  constructor(
    private readonly database: Database,
    private readonly datasets: DatasetRepository,
    private readonly imports: ImportRepository,
    private readonly runner: ImportRunner,
    private readonly audit: Audit,
    private readonly counters: ImportCounters,
  ) {}

  /**
   * Imports a stream of JSONL as one commit.
   *
   * @throws DatasetNotFound, RefNotFound, BranchProtected, UnsupportedFormat, and what `ImportRunner.run` throws
   */
  async import(caller: Principal, datasetId: string, upload: Upload, options: ImportOptions): Promise<Import> {
    const encoding = encodingNamed(upload.encoding);
    const branch = await this.branch(caller, datasetId, options.branch);
    const imported = await this.runner.run({
      author: caller,
      branch,
      message: options.message ?? 'Import',
      source: inflate(upload.stream, encoding),
      options: { strict: options.strict, anonymize: null },
      also: (importId, commitId, { statistics, rejected }) =>
        this.audit.append(caller, {
          action: 'dataset.import',
          resource: showId('ds', datasetId),
          details: {
            import: showId('imp', importId),
            commit: showId('cm', commitId),
            records: statistics.records,
            rejected,
          },
        }),
    });
    this.counters.imported(imported.records, imported.bytes, imported.findingsByType);
    return imported;
  }

  /** @throws ImportNotFound */
  get(caller: Principal, id: string): Promise<Import> {
    return this.database.inTenant(caller.tenantId, async () => {
      const row = await this.imports.find(id);
      if (!row) throw new ImportNotFound();
      return row;
    });
  }

  /** The lines that were not imported, as JSONL of `{line, reason}`. @throws ImportNotFound */
  async errors(caller: Principal, id: string): Promise<Readable> {
    await this.get(caller, id);
    return Readable.from(this.errorLines(caller.tenantId, id), { objectMode: false });
  }

  private async *errorLines(tenantId: string, id: string): AsyncGenerator<string> {
    let after = 0;
    for (;;) {
      const page = await this.database.inTenant(tenantId, () => this.imports.errors(id, ERRORS_AT_ONCE, after));
      const last = page.at(-1);
      if (!last) return;
      after = last.line;
      yield page.map(({ line, reason }) => `${JSON.stringify({ line, reason })}\n`).join('');
    }
  }

  private branch(caller: Principal, datasetId: string, name?: string): Promise<Branch> {
    return this.database.inTenant(caller.tenantId, async () => {
      const dataset = await this.datasets.find(datasetId);
      if (!dataset) throw new DatasetNotFound();
      const branch = await this.datasets.findBranch(datasetId, name ?? dataset.defaultBranch);
      if (!branch) throw new RefNotFound();
      // Looked at again when it is published; here it spares the upload.
      if (branch.isProtected) throw new BranchProtected();
      return branch;
    });
  }
}

import { Readable } from 'node:stream';
import type { Audit } from '#audit';
import type { SigningKeys } from '#crypto';
import type { Database } from '#database';
import { type Principal, showId } from '#kernel';
import type { Commit } from './commit.entity.ts';
import { ExportUnfit } from './dataset.errors.ts';
import { measure, type SignedManifest, signManifest } from './export/export-manifest.ts';
import { EVERYTHING, type ExportOptions } from './export/export.options.ts';
import type { ExportRun, RecordExporter, Survey } from './export/record-exporter.ts';
import type { Refs } from './refs.ts';
import type { RecordViewer } from './views/record.viewer.ts';

export interface OpenedExport {
  stream: Readable;
  commit: Commit;
  /** Which one it is shown through, and its version. */
  view: string | null;
  /** Null where nothing had to be looked at before. */
  survey: Survey | null;
}

/** A dataset, or what is wanted of it, out in plaintext. */
export class ExportsService {
  constructor(
    private readonly database: Database,
    private readonly exporter: RecordExporter,
    private readonly refs: Refs,
    private readonly audit: Audit,
    private readonly signing: Pick<SigningKeys, 'current'>,
    private readonly viewer: Pick<RecordViewer, 'open'>,
  ) {}

  /**
   * The export as a stream. It fails, and never just ends, when a part cannot be read: a short export must not look whole.
   *
   * @throws DatasetNotFound, RefNotFound, ViewNotFound, ViewUnusable, ExportUnfit
   */
  async open(caller: Principal, datasetId: string, options: Partial<ExportOptions> = {}): Promise<OpenedExport> {
    const { run, commit } = await this.begin(caller, datasetId, { ...EVERYTHING, ...options }, 'dataset.export');
    const survey = await this.survey(run);
    const stream = Readable.from(this.whole(run, survey, commit), { objectMode: false });
    return { stream, commit, view: run.view?.label ?? null, survey };
  }

  /**
   * What the export with these options comes to, signed: it is made as for a reader, and only added up.
   *
   * @param named the options as they were asked for
   * @throws DatasetNotFound, RefNotFound, ViewNotFound, ViewUnusable, ExportUnfit
   */
  async manifest(
    caller: Principal,
    datasetId: string,
    options: ExportOptions,
    named: Record<string, unknown>,
  ): Promise<SignedManifest> {
    const { run, commit } = await this.begin(caller, datasetId, options, 'dataset.export_manifest');
    const survey = await this.survey(run);
    const { bytes, lines, sha256 } = await measure(this.whole(run, survey, commit));
    const manifest = {
      tenant: showId('ten', caller.tenantId),
      dataset: showId('ds', datasetId),
      commit: showId('cm', commit.id),
      // Which view it is does not say yet what it shows: its version, and what the tenant says of personal data, do.
      options: run.view ? { ...named, view: run.view.label, view_rules: run.view.rules } : named,
      records: survey ? Math.max(0, survey.records - options.after) : lines,
      skipped: survey?.unfit ?? 0,
      bytes,
      sha256,
    };
    return signManifest(manifest, await this.signing.current());
  }

  /** Fails at the end where the commit was purged on the way: rows may have been gone before they were read. */
  private async *whole(run: ExportRun, survey: Survey | null, { id, datasetId }: Commit): AsyncGenerator<Uint8Array> {
    yield* this.exporter.stream(run, survey);
    await this.database.inTenant(run.tenantId, () => this.refs.mustBeAt(datasetId, id));
  }

  private async begin(
    caller: Principal,
    datasetId: string,
    options: ExportOptions,
    action: string,
  ): Promise<{ run: ExportRun; commit: Commit }> {
    const view = await this.viewer.open(caller, datasetId, options.view);
    return this.database.inTenant(caller.tenantId, async () => {
      const { commit, layers } = await this.refs.resolve(datasetId, options.ref);
      const { format, template } = options;
      const records = commit.statistics?.records ?? 0;
      const details = {
        commit: showId('cm', commit.id),
        records,
        format,
        ...(template && { template }),
        ...(view && { view: view.label }),
      };
      await this.audit.append(caller, { action, resource: showId('ds', datasetId), details });
      return { run: { tenantId: caller.tenantId, layers, records, options, view }, commit };
    });
  }

  /** What must be known before the first byte is out: the columns, and whether everything fits. */
  private async survey(run: ExportRun): Promise<Survey | null> {
    const { format, template, skipUnfit } = run.options;
    if (format === 'jsonl' && !template) return null;
    const survey = await this.exporter.survey(run);
    if (survey.unfit === 0 || skipUnfit) return survey;
    const issues = survey.unfitShown.map(({ recordId, reason }) => ({
      pointer: showId('rec', recordId),
      detail: reason,
    }));
    throw new ExportUnfit(survey.unfit).with({ issues });
  }
}

import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Database } from '#database';
import { type Principal, showId } from '#kernel';
import type { Job, RunningJob } from '#queue';
import type { Import } from '../import.entity.ts';
import type { ImportsService } from '../imports.service.ts';
import type { Upload, UploadPart } from './upload.entity.ts';
import { BroughtInBefore, UploadNotFound } from './upload.errors.ts';
import type { UploadParts } from './upload.parts.ts';
import type { UploadRepository } from './upload.repository.ts';

/** What a part of the work knows of the file. */
interface Whole {
  upload: Upload;
  parts: UploadPart[];
  author: Principal;
}

/** Imports files whose parts are all there: the job. Done again after a crash, it finds what it published. */
export class UploadImporter {
  constructor(
    private readonly database: Database,
    private readonly uploads: UploadRepository,
    private readonly parts: UploadParts,
    private readonly imports: Pick<ImportsService, 'check' | 'bring'>,
  ) {}

  async perform(running: RunningJob): Promise<Record<string, unknown>> {
    const { job } = running;
    const { upload, parts } = await this.load(job);
    if (upload.state === 'completed') return resultOf(upload, false);
    const author = { id: job.createdBy, tenantId: job.tenantId, permissions: new Set<never>() };
    const whole: Whole = { upload, parts, author };
    const fingerprint = await this.fingerprint(whole, running.signal);
    const before = await this.brought(running, upload, fingerprint);
    if (before) return before;
    try {
      return await this.bring(running, whole, fingerprint);
    } catch (error) {
      const meanwhile = error instanceof BroughtInBefore && (await this.brought(running, upload, fingerprint));
      if (meanwhile) return meanwhile;
      throw error;
    }
  }

  private load({ tenantId, parameters }: Job): Promise<{ upload: Upload; parts: UploadPart[] }> {
    return this.database.inTenant(tenantId, async () => {
      const upload = await this.uploads.find(String(parameters['uploadId']));
      if (!upload) throw new UploadNotFound();
      return { upload, parts: await this.uploads.parts(upload.id) };
    });
  }

  /** However the file was cut into parts: its bytes, where they go, and how they are read. */
  private async fingerprint({ upload, parts, author }: Whole, signal: AbortSignal): Promise<Buffer> {
    const { contentType: type, contentEncoding, options, datasetId } = upload;
    const { strict, csv, saidFrom } = options;
    const encoding = contentEncoding ?? undefined;
    const branch = await this.imports.check(author, datasetId, { type, encoding }, options);
    const hash = createHash('sha256');
    hash.update(
      `${JSON.stringify([branch.id, type, encoding ?? null, strict, csv, ...(saidFrom ? [saidFrom] : [])])}\0`,
    );
    for await (const bytes of this.parts.read(upload, parts)) {
      signal.throwIfAborted();
      hash.update(bytes);
    }
    return this.parts.blind(upload.tenantId, 'file', hash.digest());
  }

  /** Where the same file was brought in before, this upload becomes what that did. */
  private async brought(
    { complete }: RunningJob,
    upload: Upload,
    fingerprint: Buffer,
  ): Promise<Record<string, unknown> | null> {
    const { tenantId, datasetId } = upload;
    return this.database.inTenant(tenantId, async () => {
      const file = await this.uploads.findFile(datasetId, fingerprint);
      if (!file) return null;
      const result = resultOf(file, true);
      await this.finish(upload, file);
      await complete(result);
      return result;
    });
  }

  private async bring(
    { complete, progress, signal }: RunningJob,
    { upload, parts, author }: Whole,
    fingerprint: Buffer,
  ): Promise<Record<string, unknown>> {
    const { tenantId, datasetId, contentType: type, contentEncoding, options } = upload;
    const stream = Readable.from(this.parts.read(upload, parts), { objectMode: false });
    let result: Record<string, unknown> = {};
    const sent = { stream, type, encoding: contentEncoding ?? undefined };
    await this.imports.bring(author, datasetId, sent, {
      ...options,
      signal,
      progress: (records) => progress(records),
      // So that the rows of a try that failed can be looked up.
      begun: (importId) => this.database.inTenant(tenantId, () => this.uploads.update(upload.id, { importId })),
      also: async (importId, commitId) => {
        const made = { importId, commitId };
        if (!(await this.uploads.insertFile({ datasetId, fingerprint, tenantId, ...made })))
          throw new BroughtInBefore('the same file was brought in meanwhile');
        await this.finish(upload, made);
        result = resultOf(made, false);
        await complete(result);
      },
    });
    return result;
  }

  /** In the transaction that publishes: the key goes with it, and the objects after. */
  private async finish(upload: Upload, { importId, commitId }: Made): Promise<void> {
    // Aborted meanwhile: then nothing is published.
    if (!(await this.uploads.find(upload.id, 'pessimistic_write'))) throw new UploadNotFound();
    const noKey = { tenantKeyVersion: null, keySalt: null, keyWrapped: null, keyCommitment: null };
    await this.uploads.update(upload.id, { state: 'completed', importId, commitId, ...noKey });
    const objects = await this.uploads.removeParts(upload.id);
    this.database.afterCommit(() => void this.parts.discard(upload, objects));
  }
}

type Made = Pick<Import, 'commitId'> & { importId: string };

function resultOf(
  { importId, commitId }: Pick<Upload, 'importId' | 'commitId'>,
  again: boolean,
): Record<string, unknown> {
  return {
    import_id: importId && showId('imp', importId),
    commit_id: commitId && showId('cm', commitId),
    brought_in_before: again,
  };
}

import type { Readable } from 'node:stream';
import type { Audit } from '#audit';
import type { KeyService } from '#crypto';
import type { Database } from '#database';
import { idAfter, newId, type Page, pageById, type Principal, showId, type VaultError } from '#kernel';
import type { JobsService } from '#queue';
import type { DatasetsService } from '../datasets.service.ts';
import type { ImportOptions, ImportsService } from '../imports.service.ts';
import { keyColumnsOf } from '../segment-key.ts';
import type { Upload } from './upload.entity.ts';
import { UploadClosed, UploadIncomplete, UploadNotFound, UploadPartDiffers, UploadsTooMany } from './upload.errors.ts';
import { placeOf, type ReceivedPart, type UploadParts } from './upload.parts.ts';
import type { UploadRepository, UploadTotals } from './upload.repository.ts';

export const IMPORT_UPLOAD = 'upload-import';
const MOST_UNDER_WAY = 100;

export interface NewUpload extends ImportOptions {
  name: string;
  size: number | null;
  type: string;
  encoding: string | null;
}

export interface SentPart {
  number: number;
  stream: Readable;
  /** SHA-256 of the bytes, where the sender says it. */
  sha256: Buffer | null;
}

export interface UploadsParts {
  database: Database;
  datasets: Pick<DatasetsService, 'get'>;
  uploads: UploadRepository;
  parts: UploadParts;
  imports: Pick<ImportsService, 'check'>;
  keys: KeyService;
  jobs: JobsService;
  audit: Audit;
}

/** Files that come in parts, in any order and at any time within a week, and become one commit. */
export class UploadsService {
  constructor(private readonly given: UploadsParts) {}

  /** @throws DatasetNotFound, RefNotFound, BranchProtected, UnsupportedFormat, OptionNotForFormat, UploadsTooMany */
  async begin(caller: Principal, datasetId: string, ask: NewUpload): Promise<Upload> {
    const { database, uploads, imports, keys, audit } = this.given;
    const { name, size, type, encoding, strict, message = 'Import', csv = {}, saidFrom } = ask;
    const branch = await imports.check(caller, datasetId, { type, encoding: encoding ?? undefined }, ask);
    const { tenantId } = caller;
    const id = newId();
    const { wrapped } = await keys.newSegmentKey(placeOf({ tenantId, datasetId, id }));
    return database.inTenant(tenantId, async () => {
      if ((await uploads.underWay()) >= MOST_UNDER_WAY) throw new UploadsTooMany(MOST_UNDER_WAY);
      const options = { branch: branch.name ?? '', message, strict, csv, ...(saidFrom && { saidFrom }) };
      const file = { name, size, contentType: type, contentEncoding: encoding, options };
      await uploads.insert({ id, tenantId, datasetId, ...file, ...keyColumnsOf(wrapped), createdBy: caller.id });
      await audit.append(caller, {
        action: 'upload.create',
        resource: showId('ds', datasetId),
        details: { upload: showId('upl', id) },
      });
      return (await uploads.find(id))!;
    });
  }

  /** @throws UploadNotFound */
  get(caller: Principal, id: string): Promise<Upload> {
    return this.given.database.inTenant(caller.tenantId, () => this.found(id));
  }

  /** What of it is there. */
  totals({ tenantId, id }: Upload): Promise<UploadTotals> {
    return this.given.database.inTenant(tenantId, () => this.given.uploads.totals(id));
  }

  /** Newest first. @throws BadCursor, DatasetNotFound */
  list(caller: Principal, datasetId: string, limit: number, cursor?: string): Promise<Page<Upload>> {
    const { database, datasets, uploads } = this.given;
    const before = idAfter(cursor);
    return database.inTenant(caller.tenantId, async () => {
      await datasets.get(caller, datasetId);
      return pageById(await uploads.page(datasetId, limit + 1, before), limit);
    });
  }

  /**
   * Keeps a part. The same part once more changes nothing.
   *
   * @throws UploadClosed, UploadPartDiffers, UploadPartTooLarge, DigestMismatch, UploadNotFound
   */
  async put(upload: Upload, { number, stream, sha256 }: SentPart): Promise<ReceivedPart> {
    const { database, uploads, parts } = this.given;
    const received = await parts.receive(stream, sha256);
    const digest = await parts.blind(upload.tenantId, 'part', received.sha256);
    const isThere = async (): Promise<boolean> => {
      const there = await uploads.findPart(upload.id, number);
      if (there && !there.digest.equals(digest)) throw new UploadPartDiffers();
      return there !== null;
    };
    if (await database.inTenant(upload.tenantId, isThere)) return received;
    if (upload.state !== 'open') throw new UploadClosed();
    // The object first, and its row next: what a crash leaves between the two, the sweeper finds.
    const part = await parts.store(upload, { number, bytes: received.bytes, digest });
    try {
      const kept = await database.inTenant(upload.tenantId, async () => {
        const { state } = await this.found(upload.id, 'pessimistic_read');
        if (state !== 'open') throw new UploadClosed();
        return (await uploads.insertPart(part)) || !(await isThere());
      });
      if (!kept) await parts.discard(upload, [part.object]);
    } catch (error) {
      const row = await database.inTenant(upload.tenantId, () => uploads.findPart(upload.id, number));
      if (row?.object !== part.object) await parts.discard(upload, [part.object]);
      throw error;
    }
    return received;
  }

  /**
   * Has the file imported, as a job. One that was imported, or is being, stays as it is.
   *
   * @throws UploadIncomplete, UploadNotFound
   */
  complete(caller: Principal, id: string): Promise<Upload> {
    const { database, uploads, jobs, audit } = this.given;
    return database.inTenant(caller.tenantId, async () => {
      const upload = await this.found(id, 'pessimistic_write');
      if (upload.state === 'completed') return upload;
      if (upload.jobId && (await jobs.isUnderWay(upload.jobId))) return upload;
      const totals = await uploads.totals(id);
      if (!isWhole(totals, upload.size)) throw incomplete(totals, upload.size);
      const job = await jobs.ask(caller, IMPORT_UPLOAD, { uploadId: id });
      await uploads.beginImport(id, job.id);
      await audit.append(caller, {
        action: 'upload.complete',
        resource: showId('ds', upload.datasetId),
        details: { upload: showId('upl', id), job: showId('job', job.id), bytes: totals.bytes },
      });
      return this.found(id);
    });
  }

  /** Takes it away: its rows and key at once, its objects next. Nothing of it is published after. @throws UploadNotFound */
  abort(caller: Principal, id: string): Promise<void> {
    const { database, uploads, parts, audit } = this.given;
    return database.inTenant(caller.tenantId, async () => {
      const upload = await this.found(id, 'pessimistic_write');
      const objects = await uploads.removeParts(id);
      await uploads.remove(id);
      await audit.append(caller, {
        action: 'upload.abort',
        resource: showId('ds', upload.datasetId),
        details: { upload: showId('upl', id) },
      });
      database.afterCommit(() => void parts.discard(upload, objects));
    });
  }

  private async found(id: string, lock?: 'pessimistic_read' | 'pessimistic_write'): Promise<Upload> {
    const upload = await this.given.uploads.find(id, lock);
    if (!upload) throw new UploadNotFound();
    return upload;
  }
}

function isWhole({ ranges, bytes }: UploadTotals, size: number | null): boolean {
  return ranges.length === 1 && ranges[0]!.from === 1 && (size === null || size === bytes);
}

function incomplete({ ranges, bytes }: UploadTotals, size: number | null): VaultError {
  const first = ranges[0]?.from === 1 ? ranges[0].to + 1 : 1;
  const isGap = ranges.length !== 1 || first === 1;
  const detail = isGap ? `Part ${first} is missing` : `Expected ${size} bytes, and there are ${bytes}`;
  return new UploadIncomplete().with({ issues: [{ pointer: isGap ? '/parts' : '/size', detail }] });
}

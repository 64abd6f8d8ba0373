import type { UserRepository } from '#auth';
import type { Database } from '#database';
import type { Log } from '#kernel';
import type { WorkGate } from '#queue';
import type { BlobStore } from '#storage';
import type { Upload } from './upload.entity.ts';
import { UPLOAD_PREFIX, type UploadParts } from './upload.parts.ts';
import { UPLOAD_DAYS, type UploadRepository } from './upload.repository.ts';

const EVERY_MS = 600_000;
const DAY_MS = 86_400_000;

export interface UploadSweeping {
  database: Database;
  tenants: Pick<UserRepository, 'tenants'>;
  uploads: UploadRepository;
  parts: UploadParts;
  blobs: BlobStore;
  log: Log;
  gate: WorkGate;
}

/** Takes away uploads that have expired, with their keys, and objects that no upload can name any more. */
export class UploadSweeper {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;

  constructor(private readonly given: UploadSweeping) {}

  start(): void {
    this.timer = setInterval(() => {
      if (!this.given.gate.isOpen) return;
      this.running ??= this.sweep()
        .catch((error: unknown) =>
          this.given.log.warn({ event_type: 'sweep', error: 'SWEEP_FAILED', err: error }, 'clearing uploads failed'),
        )
        .finally(() => (this.running = undefined));
    }, EVERY_MS);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  async sweep(now = Date.now()): Promise<void> {
    const { database, tenants, uploads, blobs } = this.given;
    for (const { id } of await tenants.tenants()) {
      for (const upload of await database.inTenant(id, () => uploads.expired())) await this.remove(upload);
    }
    // A row is written within minutes of its object, and none is older than its upload: what is older than any of
    // those was left behind by a process that died between the two.
    const before = now - (UPLOAD_DAYS + 2) * DAY_MS;
    for await (const { key, modified } of blobs.list(UPLOAD_PREFIX)) {
      if (modified.getTime() < before) await blobs.delete(key);
    }
  }

  private async remove(upload: Upload): Promise<void> {
    const { database, uploads, parts } = this.given;
    const objects = await database.inTenant(upload.tenantId, async () => {
      const gone = await uploads.removeParts(upload.id);
      await uploads.remove(upload.id);
      return gone;
    });
    await parts.discard(upload, objects);
  }
}

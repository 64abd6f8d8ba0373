import type { UserRepository } from '#auth';
import type { Database } from '#database';
import type { Log } from '#kernel';
import type { WorkGate } from '#queue';
import type { BlobStore } from '#storage';
import { deleteOlder, Rounds } from '../sweeping.ts';
import type { Upload } from './upload.entity.ts';
import { UPLOAD_PREFIX, type UploadParts } from './upload.parts.ts';
import { UPLOAD_DAYS, type UploadRepository } from './upload.repository.ts';

const EVERY_MS = 600_000;
const OBJECTS_EVERY_MS = 3_600_000;
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
  private readonly rounds: Rounds;
  private objectsAt = 0;

  constructor(private readonly given: UploadSweeping) {
    const { log, gate } = given;
    const sweep = (): Promise<void> => this.sweep();
    this.rounds = new Rounds({ sweep, everyMs: EVERY_MS, log, gate, failed: 'clearing uploads failed' });
  }

  start(): void {
    this.rounds.start();
  }

  stop(): void {
    this.rounds.stop();
  }

  async sweep(): Promise<void> {
    const { database, tenants, uploads } = this.given;
    for (const { id } of await tenants.tenants()) {
      for (const upload of await database.inTenant(id, () => uploads.expired())) await this.remove(upload);
    }
    await this.clearObjects();
  }

  /** Listing the store costs a request each time, and what it is looked through for is days old. */
  private async clearObjects(): Promise<void> {
    if (Date.now() < this.objectsAt) return;
    this.objectsAt = Date.now() + OBJECTS_EVERY_MS;
    // A row is written within minutes of its object, and none is older than its upload: what is older than any of
    // those was left behind by a process that died between the two.
    await deleteOlder(this.given.blobs, UPLOAD_PREFIX, Date.now() - (UPLOAD_DAYS + 2) * DAY_MS);
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

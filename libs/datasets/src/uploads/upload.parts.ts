import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { type KeyService, openBytes, sealBytes, type WrappedSegmentKey } from '#crypto';
import { type Log, newId, secretKey } from '#kernel';
import type { BlobStore } from '#storage';
import { segmentKeyOf } from '../segment-key.ts';
import type { Upload, UploadPart } from './upload.entity.ts';
import { DigestMismatch, UploadNotFound, UploadPartTooLarge } from './upload.errors.ts';

/** Objects of uploads under way. */
export const UPLOAD_PREFIX = 'upload.';
export const MAX_PART = 8 * 1024 * 1024;
export const MAX_PARTS = 10_000;

export interface ReceivedPart {
  bytes: Buffer;
  sha256: Buffer;
}

/** The bytes of parts: received, sealed, put away, and read again. */
export class UploadParts {
  constructor(
    private readonly blobs: BlobStore,
    private readonly keys: KeyService,
    private readonly log: Log,
  ) {}

  /** Reads a part, of which no more is held than it may have. @throws UploadPartTooLarge, DigestMismatch */
  async receive(stream: AsyncIterable<Uint8Array>, announced: Buffer | null): Promise<ReceivedPart> {
    const chunks: Uint8Array[] = [];
    const hash = createHash('sha256');
    let length = 0;
    for await (const chunk of stream) {
      length += chunk.length;
      if (length > MAX_PART) throw new UploadPartTooLarge(MAX_PART);
      hash.update(chunk);
      chunks.push(chunk);
    }
    const sha256 = hash.digest();
    if (announced && !timingSafeEqual(announced, sha256)) throw new DigestMismatch();
    return { bytes: Buffer.concat(chunks), sha256 };
  }

  /** A hash nobody without the tenant's key can tell a content by. */
  async blind(tenantId: string, use: string, hash: Buffer): Promise<Buffer> {
    const key = await this.keys.tenantSecret(tenantId, 'uploads');
    return createHmac('sha256', secretKey(key)).update(`${use}\0`).update(hash).digest();
  }

  /** Seals a part under the key of its upload and puts it away, under a name of its own. */
  async store(
    upload: Upload,
    { number, bytes, digest }: { number: number; bytes: Buffer; digest: Buffer },
  ): Promise<UploadPart> {
    const object = `${UPLOAD_PREFIX}${newId()}`;
    const sealed = sealBytes(await this.key(upload), bytes, contextOf(upload, number, object));
    await this.blobs.put(object, sealed);
    const { id: uploadId, tenantId } = upload;
    return { uploadId, number, tenantId, object, bytes: bytes.length, sealedBytes: sealed.length, digest };
  }

  /** What the parts hold, one after the other; the next is fetched while one is given out. */
  async *read(upload: Upload, parts: readonly UploadPart[]): AsyncGenerator<Uint8Array> {
    const key = await this.key(upload);
    const fetched = (at: number): Promise<Uint8Array> | undefined => {
      const object = parts[at]?.object;
      const sealed = object === undefined ? undefined : this.blobs.get(object);
      // Awaited in the next round: a failure meanwhile must not count as unhandled.
      sealed?.catch(() => undefined);
      return sealed;
    };
    let next = fetched(0);
    for (const [at, part] of parts.entries()) {
      const sealed = await next!;
      next = fetched(at + 1);
      const bytes = openBytes(key, sealed, contextOf(upload, part.number, part.object));
      if (!bytes) throw new Error(`the part ${part.object} of an upload does not open`);
      yield bytes;
    }
  }

  /** Takes objects away whose rows are gone, and with them the key: nobody can open what stays behind for a while. */
  async discard(upload: Upload, objects: readonly string[]): Promise<void> {
    this.keys.forgetSegmentKey(placeOf(upload));
    for (const object of objects) {
      await this.blobs.delete(object).catch((error: unknown) => {
        const fields = { event_type: 'upload', error: 'OBJECTS_LEFT', err: error };
        this.log.warn(fields, 'a sealed part of an upload is left to the sweeper');
      });
    }
  }

  private key(upload: Upload): Promise<Uint8Array> {
    return this.keys.openSegmentKey(placeOf(upload), wrappedKeyOf(upload));
  }
}

/** For the key: an upload is kept as a segment is, under an id of its own. */
export function placeOf({ tenantId, datasetId, id }: Pick<Upload, 'tenantId' | 'datasetId' | 'id'>): {
  tenantId: string;
  datasetId: string;
  segmentId: string;
} {
  return { tenantId, datasetId, segmentId: id };
}

function wrappedKeyOf({ tenantKeyVersion, keySalt, keyWrapped, keyCommitment }: Upload): WrappedSegmentKey {
  if (tenantKeyVersion === null || !keySalt || !keyWrapped || !keyCommitment) throw new UploadNotFound();
  return segmentKeyOf({ tenantKeyVersion, keySalt, keyWrapped, keyCommitment });
}

function contextOf({ id, tenantId }: Upload, number: number, object: string): Record<string, string> {
  return { use: 'upload', tenant: tenantId, upload: id, part: String(number), object };
}

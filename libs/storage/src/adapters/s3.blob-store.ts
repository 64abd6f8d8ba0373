import { createHash } from 'node:crypto';
import { addAbortSignal, Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  BlobExists,
  BlobNotFound,
  BlobStore,
  BlobTooShort,
  type ByteRange,
  checkKey,
  checkRange,
  type StoredBlob,
} from '../blob-store.ts';
import { asVaultError, attempt, type AttemptLimits, nameOf, S3_LIMITS, statusOf } from './s3.attempts.ts';
import { renewWhenRefused, S3Credentials } from './s3.credentials.ts';

const PING_MS = 1000;

export interface S3Place {
  bucket: string;
  region: string;
  /** What object names begin with: empty, or ending with a slash. */
  prefix: string;
  /** Another server than AWS. Buckets are then addressed by path, which every server understands. */
  endpoint?: string;
}

/** Objects in a bucket of S3 or a server that speaks it. Credentials come from the AWS environment, see `S3Credentials`. */
export class S3BlobStore extends BlobStore {
  private readonly client: S3Client;
  private readonly place: S3Place;
  private readonly limits: AttemptLimits;
  /** Until the server says that it does not know conditional writes. */
  private conditional = true;

  constructor(place: S3Place, limits: Partial<AttemptLimits> = {}) {
    super();
    this.place = place;
    this.limits = { ...S3_LIMITS, ...limits };
    const credentials = new S3Credentials();
    this.client = new S3Client({
      region: place.region,
      credentials: () => credentials.give(),
      endpoint: place.endpoint,
      forcePathStyle: place.endpoint !== undefined,
      // Tries are counted here, once, instead of being multiplied by the SDK's own.
      maxAttempts: 1,
      // The SDK's default checksums make a chunked upload, which Ceph answers with 411. Content-MD5 goes everywhere.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      requestHandler: { connectionTimeout: 3000, socketTimeout: 10_000 },
    });
    renewWhenRefused(this.client, credentials);
  }

  override async put(key: string, bytes: Uint8Array): Promise<void> {
    checkKey(key);
    // The server compares it with what arrived, so an upload that was cut or altered on its way is no object.
    const md5 = createHash('md5').update(bytes).digest('base64');
    const stored = await attempt(this.limits, (signal) => this.putIfAbsent(key, bytes, md5, signal));
    if (stored) return;
    const there = await this.get(key);
    if (Buffer.compare(there, bytes) !== 0) throw new BlobExists(key);
  }

  override async get(key: string, range?: ByteRange): Promise<Uint8Array> {
    checkKey(key);
    checkRange(range);
    // Some servers need a moment until a new object is seen everywhere: absence is believed the third time.
    const isAbsent = (error: unknown): boolean => error instanceof BlobNotFound;
    return attempt(this.limits, (signal) => this.fetch(key, range, signal), isAbsent);
  }

  /** One version of an object, where the bucket keeps them; null when there is no such version. */
  async getVersion(key: string, versionId: string): Promise<Uint8Array | null> {
    checkKey(key);
    const command = new GetObjectCommand({
      Bucket: this.place.bucket,
      Key: this.nameOf(key),
      VersionId: versionId,
    });
    return attempt(this.limits, async (abortSignal) => {
      const answer = await this.client.send(command, { abortSignal }).catch((error: unknown) => {
        if (['NoSuchKey', 'NoSuchVersion', 'InvalidArgument'].includes(nameOf(error))) return null;
        throw error;
      });
      if (!answer) return null;
      if (!(answer.Body instanceof Readable)) throw new Error('the answer has no body');
      return collect(answer.Body, answer.ContentLength ?? 0, abortSignal);
    });
  }

  override async delete(key: string): Promise<void> {
    checkKey(key);
    const command = new DeleteObjectCommand({ Bucket: this.place.bucket, Key: this.nameOf(key) });
    await attempt(this.limits, (abortSignal) => this.client.send(command, { abortSignal }));
  }

  override async *list(prefix: string, after?: string): AsyncGenerator<StoredBlob> {
    let token: string | undefined;
    do {
      const command = new ListObjectsV2Command({
        Bucket: this.place.bucket,
        Prefix: this.nameOf(prefix),
        StartAfter: after === undefined ? undefined : this.nameOf(after),
        ContinuationToken: token,
      });
      const page = await attempt(this.limits, (abortSignal) => this.client.send(command, { abortSignal }));
      for (const { Key, Size, LastModified } of page.Contents ?? []) {
        if (Key === undefined || Size === undefined || LastModified === undefined) continue;
        yield { key: Key.slice(this.place.prefix.length), size: Size, modified: LastModified };
      }
      token = page.NextContinuationToken;
    } while (token !== undefined);
  }

  override async ping(): Promise<void> {
    const command = new HeadBucketCommand({ Bucket: this.place.bucket });
    try {
      await this.client.send(command, { abortSignal: AbortSignal.timeout(PING_MS) });
    } catch (error) {
      throw asVaultError(error);
    }
  }

  /** Whether the object was stored; false when the name was taken. */
  private async putIfAbsent(key: string, bytes: Uint8Array, md5: string, abortSignal: AbortSignal): Promise<boolean> {
    const target = { Bucket: this.place.bucket, Key: this.nameOf(key) };
    if (!this.conditional && (await this.exists(key, abortSignal))) return false;
    const IfNoneMatch = this.conditional ? '*' : undefined;
    const command = new PutObjectCommand({ ...target, Body: bytes, ContentMD5: md5, IfNoneMatch });
    try {
      await this.client.send(command, { abortSignal });
      return true;
    } catch (error) {
      if (statusOf(error) === 412) return false;
      if (statusOf(error) !== 501 || !this.conditional) throw error;
      // A server without conditional writes. Keys are made once, so looking first is as good but for a race of retries.
      this.conditional = false;
      return this.putIfAbsent(key, bytes, md5, abortSignal);
    }
  }

  private async exists(key: string, abortSignal: AbortSignal): Promise<boolean> {
    const command = new HeadObjectCommand({ Bucket: this.place.bucket, Key: this.nameOf(key) });
    try {
      await this.client.send(command, { abortSignal });
      return true;
    } catch (error) {
      if (statusOf(error) === 404) return false;
      throw error;
    }
  }

  private async fetch(key: string, range: ByteRange | undefined, abortSignal: AbortSignal): Promise<Uint8Array> {
    const Range = range && `bytes=${range.start}-${range.end - 1}`;
    const command = new GetObjectCommand({ Bucket: this.place.bucket, Key: this.nameOf(key), Range });
    const answer = await this.client.send(command, { abortSignal }).catch((error: unknown) => {
      // A missing bucket is 404 as well, and must not look like a missing object.
      if (nameOf(error) === 'NoSuchKey') throw new BlobNotFound(key);
      if (statusOf(error) === 416) throw new BlobTooShort(key);
      throw error;
    });
    if (!(answer.Body instanceof Readable)) throw new Error('the answer has no body');
    const promised = answer.ContentLength ?? 0;
    if (range && promised < range.end - range.start) {
      answer.Body.destroy();
      throw new BlobTooShort(key);
    }
    const bytes = await collect(answer.Body, promised, abortSignal);
    if (range && bytes.length !== range.end - range.start) throw new Error('the server ignores ranges');
    return bytes;
  }

  private nameOf(key: string): string {
    return `${this.place.prefix}${key}`;
  }
}

/** The body, which must have exactly the length that was promised: one that is cut must not pass for the whole. */
async function collect(body: Readable, length: number, signal: AbortSignal): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let filled = 0;
  for await (const chunk of addAbortSignal(signal, body) as AsyncIterable<Uint8Array>) {
    if (filled + chunk.length > length) throw new Error('the body is longer than promised');
    bytes.set(chunk, filled);
    filled += chunk.length;
  }
  if (filled !== length) throw new Error('the body was cut');
  return bytes;
}

import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { newId } from '#kernel';
import { blobStoreContract } from '../blob-store.contract.ts';
import { BlobExists, BlobNotFound, BlobTooShort, StorageFull, StorageUnavailable } from '../blob-store.ts';
import { S3BlobStore, type S3Place } from './s3.blob-store.ts';

const endpoint = process.env['TEST_S3_ENDPOINT'];
if (endpoint) {
  blobStoreContract('S3BlobStore', async () => {
    const bucket = `vault-${newId()}`;
    const client = new S3Client({ region: 'us-east-1', endpoint, forcePathStyle: true });
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
    client.destroy();
    return new S3BlobStore({ bucket, region: 'us-east-1', prefix: 'data/', endpoint });
  });
} else {
  it('runs the contract of S3BlobStore where TEST_S3_ENDPOINT and AWS_* name an S3 server: start radosgw, minio or garage', () => {
    expect(endpoint).toBeUndefined();
  });
}

type Fault = (request: IncomingMessage, response: ServerResponse) => void;

/** One bucket over HTTP, as far as this room uses S3, whose next answers can be made to fail. */
class FaultyS3 {
  readonly objects = new Map<string, Buffer>();
  readonly requests: string[] = [];
  readonly faults: (Fault | null)[] = [];
  conditional = true;
  private readonly server: Server = createServer((request, response) => void this.answer(request, response));

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').split('?')[0] ?? '';
    this.requests.push(`${request.method} ${path}`);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    if (request.method === 'PUT') this.put(path, body, request, response);
    else {
      const fault = this.faults.shift();
      if (fault) return fault(request, response);
      this.get(path, request, response);
    }
  }

  private put(path: string, body: Buffer, request: IncomingMessage, response: ServerResponse): void {
    const fault = this.faults.shift();
    if (fault) return fault(request, response);
    const md5 = createHash('md5').update(body).digest('base64');
    if (md5 !== request.headers['content-md5']) return problem(response, 400, 'BadDigest');
    if (request.headers['if-none-match'] && !this.conditional) return problem(response, 501, 'NotImplemented');
    if (request.headers['if-none-match'] && this.objects.has(path)) return problem(response, 412, 'PreconditionFailed');
    this.objects.set(path, body);
    response.end();
  }

  private get(path: string, request: IncomingMessage, response: ServerResponse): void {
    const object = this.objects.get(path);
    if (!object)
      return request.method === 'HEAD' ? void response.writeHead(404).end() : problem(response, 404, 'NoSuchKey');
    const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
    if (range && Number(range[1]) >= object.length) return problem(response, 416, 'InvalidRange');
    const part = range ? object.subarray(Number(range[1]), Number(range[2]) + 1) : object;
    response.writeHead(range ? 206 : 200, { 'content-length': part.length });
    response.end(request.method === 'HEAD' ? undefined : part);
  }
}

function problem(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>`);
}

const failing =
  (status: number, code: string): Fault =>
  (_request, response) =>
    problem(response, status, code);

const cutting: Fault = (_request, response) => {
  response.writeHead(200, { 'content-length': 1000 });
  response.write(Buffer.alloc(400), () => response.destroy());
};

describe('S3BlobStore, when the server has trouble', () => {
  const bytes = randomBytes(1000);
  let s3: FaultyS3;
  let store: S3BlobStore;
  let place: S3Place;
  let pauses: number[];
  const before = { ...process.env };

  beforeEach(async () => {
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' });
    s3 = new FaultyS3();
    pauses = [];
    place = { bucket: 'vault', region: 'us-east-1', prefix: 'data/', endpoint: await s3.start() };
    store = new S3BlobStore(place, { tryMs: 2000, wait: async (ms) => void pauses.push(ms) });
  });
  afterEach(() => s3.stop());
  afterAll(() => {
    process.env = before;
  });

  it('RB-S1 stores under its prefix, with nothing between that and the id', async () => {
    await store.put('k', bytes);
    expect([...s3.objects.keys()]).toEqual(['/vault/data/k']);
  });

  it.each([
    ['500', failing(500, 'InternalError')],
    ['503', failing(503, 'SlowDown')],
    ['429', failing(429, 'TooManyRequests')],
    ['a torn upload', failing(400, 'BadDigest')],
    ['a clash', failing(409, 'ConditionalRequestConflict')],
    ['a lost connection', (request: IncomingMessage) => void request.socket.destroy()],
  ])('tries a put again after %s, at most three times in all', async (_name, fault) => {
    s3.faults.push(fault, fault);
    await store.put('k', bytes);
    expect(bytes.equals(await store.get('k'))).toBe(true);
    expect(pauses).toHaveLength(2);
    s3.faults.push(fault, fault, fault);
    await expect(store.put('other', bytes)).rejects.toThrow(StorageUnavailable);
    expect(s3.objects.has('/vault/data/other')).toBe(false);
    expect(pauses).toHaveLength(4);
  });

  it('ends with one object when the answer to a put was lost', async () => {
    s3.faults.push((request) => {
      s3.objects.set('/vault/data/k', bytes);
      request.socket.destroy();
    });
    await expect(store.put('k', bytes)).resolves.toBeUndefined();
  });

  it.each([
    ['denied', failing(403, 'AccessDenied')],
    ['not understood', failing(501, 'NotImplemented')],
    ['without its bucket', failing(404, 'NoSuchBucket')],
  ])('does not try again when it is %s, and does not call it a missing object', async (_name, fault) => {
    s3.faults.push(fault);
    await expect(store.get('k')).rejects.toThrow(StorageUnavailable);
    expect(pauses).toEqual([]);
  });

  it('sends a refused request again when its credentials were rotated (F44), and only then', async () => {
    const refused = failing(403, 'InvalidAccessKeyId');
    await store.put('k', bytes);
    jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 5000);
    process.env['AWS_ACCESS_KEY_ID'] = 'rotated';
    s3.faults.push(refused);
    expect(bytes.equals(await store.get('k').finally(() => jest.restoreAllMocks()))).toBe(true);
    s3.faults.push(refused);
    await expect(store.get('k')).rejects.toThrow(StorageUnavailable);
    expect(pauses).toEqual([]);
  });

  it('says when it is full', async () => {
    s3.faults.push(failing(403, 'QuotaExceeded'));
    await expect(store.put('k', bytes)).rejects.toThrow(StorageFull);
  });

  it('looks first where the server does not know conditional writes', async () => {
    s3.conditional = false;
    await store.put('k', bytes);
    await expect(store.put('k', bytes)).resolves.toBeUndefined();
    await expect(store.put('k', randomBytes(10))).rejects.toThrow(BlobExists);
    expect(bytes.equals(await store.get('k'))).toBe(true);
  });

  it('believes that an object is missing only the third time', async () => {
    await store.put('k', bytes);
    s3.faults.push(failing(404, 'NoSuchKey'), failing(404, 'NoSuchKey'));
    expect(bytes.equals(await store.get('k'))).toBe(true);
    await expect(store.get('absent')).rejects.toThrow(BlobNotFound);
    expect(s3.requests.filter((request) => request === 'GET /vault/data/absent')).toHaveLength(3);
  });

  it('never takes a cut body for the whole object', async () => {
    await store.put('k', bytes);
    s3.faults.push(cutting, cutting);
    expect(bytes.equals(await store.get('k'))).toBe(true);
    s3.faults.push(cutting, cutting, cutting);
    await expect(store.get('k')).rejects.toThrow(StorageUnavailable);
  });

  it('gives up on a server that falls silent in the middle', async () => {
    await store.put('k', bytes);
    const silent: Fault = (_request, response) => {
      response.writeHead(200, { 'content-length': 1000 });
      response.write(Buffer.alloc(10));
    };
    const hasty = new S3BlobStore(place, { tries: 1, tryMs: 100 });
    s3.faults.push(silent);
    await expect(hasty.get('k')).rejects.toThrow(StorageUnavailable);
  });

  it('names an object that is shorter than it has to be', async () => {
    await store.put('k', bytes);
    await expect(store.get('k', { start: 990, end: 1010 })).rejects.toThrow(BlobTooShort);
    expect(pauses).toEqual([]);
  });

  it('fails a ping when the server is gone', async () => {
    s3.stop();
    await expect(store.ping()).rejects.toThrow(StorageUnavailable);
  });

  it('pauses a random time up to a limit that grows', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(1);
    s3.faults.push(failing(500, 'InternalError'), failing(500, 'InternalError'));
    await store.put('k', bytes).finally(() => jest.restoreAllMocks());
    expect(pauses).toEqual([400, 1600]);
  });
});

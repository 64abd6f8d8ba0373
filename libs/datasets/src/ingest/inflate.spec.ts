import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough, Readable } from 'node:stream';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { type Encoding, encodingNamed, inflate } from './inflate.ts';

const text = Array.from({ length: 20_000 }, (_, i) => `{"n":${i},"random":"${Math.random()}"}\n`).join('');

async function read(chunks: Uint8Array[], encoding: Encoding): Promise<string> {
  const out: Uint8Array[] = [];
  for await (const bytes of inflate(Readable.from(chunks), encoding)) out.push(bytes);
  return Buffer.concat(out).toString();
}

const packers = [
  ['gzip', gzipSync],
  ['zstd', zstdCompressSync],
] as const;
const broken = { code: 'stream-broken', kind: 'malformed' };

function inPieces(bytes: Uint8Array, size: number): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
}

describe('an upload as it is', () => {
  it('comes through as it is', async () => {
    expect(await read(inPieces(Buffer.from(text), 1000), 'identity')).toBe(text);
  });

  it('that breaks off is broken', async () => {
    const upload = new PassThrough();
    upload.write('{"a":1}\n');
    setImmediate(() => upload.destroy());
    await expect(collect(upload, 'identity')).rejects.toMatchObject(broken);
  });
});

async function collect(upload: Readable, encoding: Encoding): Promise<void> {
  for await (const _ of inflate(upload, encoding));
}

describe.each(packers)('an upload in %s', (encoding, pack) => {
  const packed = pack(Buffer.from(text));

  it('is inflated', async () => {
    expect(await read([packed], encoding)).toBe(text);
    expect(await read(inPieces(packed, 777), encoding)).toBe(text);
  });

  it('of several parts one behind the other is inflated to the end, wherever the chunks are cut', async () => {
    const parts = ['first\n', '', 'second\n'.repeat(5000), 'third\n'];
    const whole = Buffer.concat(parts.map((part) => pack(Buffer.from(part))));
    expect(await read([whole], encoding)).toBe(parts.join(''));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: whole.length }), async (size) => {
        expect(await read(inPieces(whole, size), encoding)).toBe(parts.join(''));
      }),
      { numRuns: 60 },
    );
  });

  it('that is cut anywhere is broken, and never looks whole', async () => {
    const short = pack(Buffer.from('{"a":1}\n{"b":2}\n'));
    for (let length = 0; length < short.length; length += 1) {
      const cutShort = read([short.subarray(0, length)], encoding);
      await expect(cutShort).rejects.toMatchObject(broken);
    }
    const second = Buffer.concat([short, short.subarray(0, short.length - 1)]);
    await expect(read([second], encoding)).rejects.toMatchObject(broken);
    await expect(read(inPieces(packed.subarray(0, -1), 1000), encoding)).rejects.toMatchObject(broken);
  });

  it('with something else behind it is broken', async () => {
    await expect(read([Buffer.concat([packed, Buffer.from('something else')])], encoding)).rejects.toMatchObject(
      broken,
    );
    await expect(read([packed, Buffer.from('something else')], encoding)).rejects.toMatchObject(broken);
  });

  it('that is something else altogether is broken', async () => {
    await expect(read([Buffer.from(text)], encoding)).rejects.toMatchObject(broken);
  });

  it('whose sender goes away is broken', async () => {
    const upload = new PassThrough();
    upload.write(packed.subarray(0, packed.length / 2));
    setImmediate(() => upload.destroy());
    await expect(collect(upload, encoding)).rejects.toMatchObject(broken);
    const failing = new PassThrough();
    setImmediate(() => failing.destroy(new Error('read ECONNRESET')));
    await expect(collect(failing, encoding)).rejects.toMatchObject(broken);
  });

  it('that grows by more than a hundred times is refused before it is read to its end', async () => {
    const bomb = pack(Buffer.alloc(200 * 1024 * 1024));
    let grown = 0;
    const reading = (async () => {
      for await (const bytes of inflate(Readable.from(inPieces(bomb, 4096)), encoding)) grown += bytes.length;
    })();
    await expect(reading).rejects.toMatchObject({ code: 'inflates-too-far' });
    expect(grown).toBeLessThan(80 * 1024 * 1024);
  });

  it('of one short line repeated is no bomb', async () => {
    const lines = '{"a":1}\n'.repeat(100_000);
    expect((await read([pack(Buffer.from(lines))], encoding)).length).toBe(lines.length);
  });

  it('that nobody wants to the end is let go', async () => {
    const upload = Readable.from(inPieces(packed, 1000));
    for await (const _ of inflate(upload, encoding)) break;
    for (let turns = 0; turns < 100 && !upload.destroyed; turns += 1) await new Promise(setImmediate);
    expect(upload.destroyed).toBe(true);
  });

  it('over a connection that is cut is broken', async () => {
    const server = createServer((incoming) => {
      collect(incoming, encoding).catch((error: unknown) => server.emit('said', error));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const said = once(server, 'said');
    const client = request({ port: (server.address() as AddressInfo).port, method: 'POST' });
    client.on('error', () => undefined);
    client.write(packed.subarray(0, 5000), () => setTimeout(() => client.destroy(), 20));
    expect((await said)[0]).toMatchObject(broken);
    server.close();
  });
});

describe('an encoding', () => {
  it.each([
    [undefined, 'identity'],
    ['identity', 'identity'],
    ['GZIP', 'gzip'],
    ['zstd', 'zstd'],
  ])('%s is %s', (name, encoding) => {
    expect(encodingNamed(name)).toBe(encoding);
  });

  it.each(['br', 'deflate', 'gzip, gzip', ''])('%s is refused', (name) => {
    expect(() => encodingNamed(name)).toThrow(expect.objectContaining({ code: 'unsupported-format' }));
  });
});

import { Readable, Transform, type TransformCallback } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { InflatesTooFar, StreamBroken, UnsupportedFormat } from '../dataset.errors.ts';

/** More than this is no text anybody wrote, but a bomb. */
const MAX_RATIO = 100;
/** Below this the ratio says nothing: a short file of one repeated line is fine. */
const FREE_BYTES = 64 * 1024 * 1024;

/**
 * The plain bytes of an upload.
 *
 * @throws UnsupportedFormat for an encoding other than gzip, zstd or none
 * @throws StreamBroken when the sender stops early or the compression is damaged
 * @throws InflatesTooFar
 */
export async function* inflate(upload: Readable, encoding: string | undefined): AsyncGenerator<Uint8Array> {
  const inflater = inflaterFor(encoding);
  let sent = 0;
  let grown = 0;
  try {
    for await (const chunk of inflater
      ? upload.compose(counting((bytes) => (sent += bytes))).compose(inflater)
      : upload) {
      const bytes = chunk as Uint8Array;
      grown += bytes.length;
      if (inflater && grown > FREE_BYTES && grown > sent * MAX_RATIO) throw new InflatesTooFar();
      yield bytes;
    }
  } catch (error) {
    if (error instanceof InflatesTooFar) throw error;
    throw new StreamBroken().with({ cause: error });
  }
}

/** Says before anything is read whether an encoding can be read at all. */
export function inflaterFor(encoding: string | undefined): Transform | null {
  switch (encoding?.toLowerCase() ?? 'identity') {
    case 'identity':
      return null;
    case 'gzip':
      return createGunzip({ chunkSize: 256 * 1024 });
    case 'zstd':
      return createZstdDecompress({ chunkSize: 256 * 1024 });
    default:
      throw new UnsupportedFormat();
  }
}

function counting(count: (bytes: number) => void): Transform {
  return new Transform({
    transform(chunk: Uint8Array, _encoding: BufferEncoding, done: TransformCallback) {
      count(chunk.length);
      done(null, chunk);
    },
  });
}

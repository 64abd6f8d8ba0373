import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { InflatesTooFar, StreamBroken, UnsupportedFormat } from '../dataset.errors.ts';
import { inflateZstd } from './zstd-frames.ts';

/** More than this is no text anybody wrote, but a bomb. */
const MAX_RATIO = 100;
/** Below this the ratio says nothing: a short file of one repeated line is fine. */
const FREE_BYTES = 1024 * 1024;

export type Encoding = 'identity' | 'gzip' | 'zstd';

/** Says before anything is read whether a Content-Encoding can be read at all. @throws UnsupportedFormat */
export function encodingNamed(name: string | undefined): Encoding {
  const encoding = name?.toLowerCase() ?? 'identity';
  if (encoding !== 'identity' && encoding !== 'gzip' && encoding !== 'zstd') throw new UnsupportedFormat();
  return encoding;
}

/**
 * The plain bytes of an upload.
 *
 * @throws StreamBroken when the sender stops early or the compression is damaged
 * @throws InflatesTooFar
 */
export async function* inflate(upload: Readable, encoding: Encoding): AsyncGenerator<Uint8Array> {
  let sent = 0;
  let grown = 0;
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of upload as AsyncIterable<Uint8Array>) {
      sent += chunk.length;
      yield chunk;
    }
  };
  try {
    for await (const bytes of plain(counted(), encoding)) {
      grown += bytes.length;
      if (grown > FREE_BYTES && grown > sent * MAX_RATIO) throw new InflatesTooFar();
      yield bytes;
    }
  } catch (error) {
    if (error instanceof InflatesTooFar) throw error;
    throw new StreamBroken().with({ cause: error });
  }
}

function plain(upload: AsyncIterable<Uint8Array>, encoding: Encoding): AsyncIterable<Uint8Array> {
  switch (encoding) {
    case 'identity':
      return upload;
    case 'gzip':
      // An error of either ends both, and comes out of the loop that reads: nothing is left for the callback to do.
      return pipeline(upload, createGunzip({ chunkSize: 256 * 1024 }), () => undefined);
    case 'zstd':
      return inflateZstd(upload);
  }
}

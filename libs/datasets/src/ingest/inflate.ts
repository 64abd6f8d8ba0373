import { pipeline, type Readable } from 'node:stream';
import { createGunzip, createZstdDecompress, type Gunzip, type ZstdDecompress } from 'node:zlib';
import { InflatesTooFar, StreamBroken, UnsupportedFormat } from '../dataset.errors.ts';

/** More than this is no text anybody wrote, but a bomb. */
const MAX_RATIO = 100;
/** Below this the ratio says nothing: a short file of one repeated line is fine. */
const FREE_BYTES = 1024 * 1024;

/**
 * The plain bytes of an upload.
 *
 * @throws UnsupportedFormat for an encoding other than gzip, zstd or none
 * @throws StreamBroken when the sender stops early or the compression is damaged
 * @throws InflatesTooFar
 */
export async function* inflate(upload: Readable, encoding: string | undefined): AsyncGenerator<Uint8Array> {
  const inflater = inflaterFor(encoding);
  // An error of either ends both, and comes out of the loop below: nothing is left for the callback to do.
  const source: Readable = inflater ? pipeline(upload, inflater, () => undefined) : upload;
  let grown = 0;
  try {
    for await (const chunk of source) {
      const bytes = chunk as Uint8Array;
      grown += bytes.length;
      if (inflater && grown > FREE_BYTES && grown > inflater.bytesWritten * MAX_RATIO) throw new InflatesTooFar();
      yield bytes;
    }
  } catch (error) {
    if (error instanceof InflatesTooFar) throw error;
    throw new StreamBroken().with({ cause: error });
  }
}

/** Says before anything is read whether an encoding can be read at all. */
export function inflaterFor(encoding: string | undefined): Gunzip | ZstdDecompress | null {
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

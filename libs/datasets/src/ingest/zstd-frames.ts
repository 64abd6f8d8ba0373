import { createZstdDecompress, type ZstdDecompress } from 'node:zlib';

/**
 * Inflates zstd of any number of frames, as `cat`, `pzstd` and appending writers make it. The platform's own stream
 * ends with the first frame and drops the rest of the chunk in silence: an upload would lose lines and look whole.
 */
export async function* inflateZstd(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const chunks = source[Symbol.asyncIterator]();
  try {
    let rest: Uint8Array | null = await nextOf(chunks);
    do {
      const frame = createZstdDecompress({ chunkSize: 256 * 1024 });
      const left = feed(frame, rest, chunks);
      left.catch((error: Error) => frame.destroy(error));
      yield* frame as AsyncIterable<Uint8Array>;
      rest = await left;
    } while (rest);
  } finally {
    await chunks.return?.();
  }
}

/** Writes chunks until the frame ends, and gives what is left of the last; null when there is nothing more. */
async function feed(
  frame: ZstdDecompress,
  first: Uint8Array | null,
  chunks: AsyncIterator<Uint8Array>,
): Promise<Uint8Array | null> {
  // Fired when the frame is over with input left, or broken; then the write below is never answered.
  const over = new Promise<void>((resolve) => frame.once('close', resolve));
  let chunk = first;
  while (chunk) {
    const before = frame.bytesWritten;
    const current = chunk;
    await Promise.race([new Promise((resolve) => frame.write(current, resolve)), over]);
    const used = frame.bytesWritten - before;
    if (used < current.length) return current.subarray(used);
    chunk = await nextOf(chunks);
  }
  // Says that the frame must be whole by now.
  frame.end();
  return null;
}

async function nextOf(chunks: AsyncIterator<Uint8Array>): Promise<Uint8Array | null> {
  for (;;) {
    const next = await chunks.next();
    if (next.done) return null;
    if (next.value.length > 0) return next.value;
  }
}

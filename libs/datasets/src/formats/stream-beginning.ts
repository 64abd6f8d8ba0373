export interface Begun {
  /** The first bytes, at least as many as asked for unless there are no more. */
  beginning: Uint8Array<ArrayBuffer>;
  /** Whether that is everything. */
  isWhole: boolean;
  /** The stream from its first byte on. */
  all: AsyncIterable<Uint8Array>;
  /** Gives up what was not read. */
  close(): Promise<void>;
}

/** Looks at the first bytes of a stream without taking them from it. */
export async function beginningOf(source: AsyncIterable<Uint8Array>, bytes: number): Promise<Begun> {
  const chunks = source[Symbol.asyncIterator]();
  const read: Uint8Array[] = [];
  let length = 0;
  let isWhole = false;
  while (length < bytes && !isWhole) {
    const next = await chunks.next();
    if (next.done) isWhole = true;
    else {
      read.push(next.value);
      length += next.value.length;
    }
  }
  const close = async (): Promise<void> => void (await chunks.return?.());
  const all = async function* (): AsyncGenerator<Uint8Array> {
    try {
      yield* read;
      for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
    } finally {
      await close();
    }
  };
  return { beginning: new Uint8Array(Buffer.concat(read)), isWhole, all: all(), close };
}

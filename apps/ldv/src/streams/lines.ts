import type { Readable } from 'node:stream';

const LINE_FEED = 0x0a;

/** Bytes of a stream, cut at line ends, without them; the last line need not have one. A line is held whole. */
export async function* linesOf(source: Readable): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  for await (const chunk of source as AsyncIterable<Buffer>) {
    let from = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, from)) {
      const piece = chunk.subarray(from, end);
      yield held.length === 0 ? piece : Buffer.concat([...held, piece]);
      held = [];
      from = end + 1;
    }
    if (from < chunk.length) held.push(chunk.subarray(from));
  }
  if (held.length > 0) yield Buffer.concat(held);
}

/** Whole lines together, with their ends, up to about so many bytes; a longer line comes alone. */
export async function* pagesOf(source: Readable, bytes: number): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let size = 0;
  for await (const chunk of source as AsyncIterable<Buffer>) {
    held.push(chunk);
    size += chunk.length;
    if (size < bytes) continue;
    const all = Buffer.concat(held);
    const end = all.lastIndexOf(LINE_FEED) + 1;
    if (end > 0) yield all.subarray(0, end);
    held = end < all.length ? [all.subarray(end)] : [];
    size = all.length - end;
  }
  if (size > 0) yield Buffer.concat(held);
}

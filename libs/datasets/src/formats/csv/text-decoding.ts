import { isUtf8 } from 'node:buffer';
import { FileUnreadable } from '../../dataset.errors.ts';
import type { TextEncodingName } from './dialect.ts';

/** What the platform calls them. Of Latin-1 it reads the form everybody writes, which has a few characters more. */
const LABELS = { 'utf-16le': 'utf-16le', 'utf-16be': 'utf-16be', 'latin-1': 'windows-1252' } as const;

/** By its mark, or else by what its first bytes can be. */
export function encodingOf(sample: Uint8Array): TextEncodingName {
  if (sample[0] === 0xff && sample[1] === 0xfe) return 'utf-16le';
  if (sample[0] === 0xfe && sample[1] === 0xff) return 'utf-16be';
  // Text in Western letters, as half of all bytes is when there are two to a letter.
  const zeros = [0, 0];
  for (let i = 0; i < sample.length; i += 1) if (sample[i] === 0) zeros[i % 2]! += 1;
  if (zeros[1]! > sample.length / 4) return 'utf-16le';
  if (zeros[0]! > sample.length / 4) return 'utf-16be';
  return isUtf8(withoutCut(sample)) ? 'utf-8' : 'latin-1';
}

/** Up to the last whole character: a sample ends anywhere. */
function withoutCut(sample: Uint8Array): Uint8Array {
  for (let back = 1; back <= Math.min(4, sample.length); back += 1) {
    const byte = sample[sample.length - back]!;
    if (byte >= 0xc0) return sample.subarray(0, sample.length - back);
    if (byte < 0x80) return sample;
  }
  return sample;
}

/** The file in UTF-8, without a mark. Bytes that are UTF-8 stay as they are: whether they are is looked at row by row. */
export async function* inUtf8(
  source: AsyncIterable<Uint8Array>,
  encoding: TextEncodingName,
): AsyncGenerator<Uint8Array> {
  if (encoding === 'utf-8') return yield* withoutMark(source);
  const decoder = new TextDecoder(LABELS[encoding], { fatal: true });
  try {
    for await (const chunk of source) yield Buffer.from(decoder.decode(chunk, { stream: true }));
    yield Buffer.from(decoder.decode());
  } catch (error) {
    if ((error as { code?: string }).code !== 'ERR_ENCODING_INVALID_ENCODED_DATA') throw error;
    throw new FileUnreadable().with({ issues: [{ pointer: '', detail: `Expected text in ${encoding}` }] });
  }
}

async function* withoutMark(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let isFirst = true;
  for await (const chunk of source) {
    yield isFirst && chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf ? chunk.subarray(3) : chunk;
    isFirst = false;
  }
}

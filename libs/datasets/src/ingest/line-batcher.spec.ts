import fc from 'fast-check';
import { batchLines, type BatchLimits, type LineBatch, MAX_RECORD } from './line-batcher.ts';

async function batches(chunks: Uint8Array[], limits?: BatchLimits): Promise<LineBatch[]> {
  async function* source(): AsyncGenerator<Uint8Array> {
    yield* chunks;
  }
  const all: LineBatch[] = [];
  for await (const batch of batchLines(source(), limits)) all.push(batch);
  return all;
}

const linesOf = (batch: LineBatch): string[] => Buffer.from(batch.bytes).toString().split('\n').slice(0, -1);
const sizes = fc.integer({ min: 1, max: 40 });

/** The bytes in chunks of those sizes, over and over. */
function cut(bytes: Uint8Array, chunkSizes: number[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0, i = 0; at < bytes.length; i += 1) {
    const size = chunkSizes[i % chunkSizes.length]!;
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

describe('lines in batches', () => {
  const texts = fc.array(
    fc.string({ maxLength: 30 }).map((text) => text.replaceAll('\n', ' ')),
    { maxLength: 40 },
  );
  const limits = fc.record({ bytes: fc.integer({ min: 1, max: 100 }), lines: fc.integer({ min: 1, max: 10 }) });

  it('are the lines of the file, in order, however it comes and wherever it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        texts,
        limits,
        fc.array(sizes, { minLength: 1, maxLength: 5 }),
        fc.boolean(),
        async (lines, limit, chunks, ends) => {
          const file = Buffer.from(
            lines
              .map((line) => `${line}\n`)
              .join('')
              .slice(0, ends ? undefined : -1),
          );
          const expected = file.toString().split('\n');
          if (expected.at(-1) === '') expected.pop();
          const made = await batches(cut(file, chunks), limit);
          expect(made.flatMap(linesOf)).toEqual(expected);
          expect(made.flatMap(({ tooLong }) => tooLong)).toEqual([]);
          let line = 1;
          let offset = 0;
          for (const batch of made) {
            const inBatch = linesOf(batch);
            expect(batch).toMatchObject({ firstLine: line, offset });
            expect(inBatch.length).toBeLessThanOrEqual(limit.lines);
            // One line alone may be longer than a batch.
            if (inBatch.length > 1) expect(batch.bytes.length).toBeLessThanOrEqual(limit.bytes);
            line += inBatch.length;
            offset += batch.bytes.length;
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('own their memory, so that it may be handed away', async () => {
    const chunk = Buffer.from('{"a":1}\n{"b":2}\n{"c":3}');
    const made = await batches([chunk], { bytes: 8, lines: 1 });
    expect(made).toHaveLength(3);
    structuredClone(made[0]!.bytes, { transfer: [made[0]!.bytes.buffer] });
    chunk.fill(0);
    expect(made.slice(1).flatMap(linesOf)).toEqual(['{"b":2}', '{"c":3}']);
  });

  it.each([
    ['an empty file', '', []],
    ['a file of one newline', '\n', ['']],
    ['a file without a newline', 'a', ['a']],
    ['carriage returns, which are left in', 'a\r\nb', ['a\r', 'b']],
  ])('of %s', async (_, text, lines) => {
    expect((await batches([Buffer.from(text)])).flatMap(linesOf)).toEqual(lines);
  });

  it('a line that would make a batch too large begins the next', async () => {
    const small = 'x'.repeat(1000);
    const large = Buffer.alloc(MAX_RECORD, 'y');
    const made = await batches([Buffer.from(`${small}\n${small}\n`), large, Buffer.from(`\n${small}\n`)]);
    expect(made.map((batch) => linesOf(batch).map(({ length }) => length))).toEqual([
      [1000, 1000],
      [MAX_RECORD],
      [1000],
    ]);
    expect(made.map(({ firstLine }) => firstLine)).toEqual([1, 3, 4]);
    expect(made.map(({ offset }) => offset)).toEqual([0, 2002, 2003 + MAX_RECORD]);
  });

  it.each([1, 65_536, MAX_RECORD + 2, 3 * MAX_RECORD])(
    'a line that is too long is named and skipped, and the others keep their numbers and places, in chunks of %i',
    async (size) => {
      const long = size === 1 ? MAX_RECORD + 1 : 2 * MAX_RECORD;
      const file = Buffer.concat([Buffer.from('first\n'), Buffer.alloc(long, 'x'), Buffer.from('\nthird\nfourth')]);
      // Byte by byte only around the edges: four million chunks would take their time.
      const chunks =
        size === 1
          ? [...cut(file.subarray(0, 10), [1]), file.subarray(10, long), ...cut(file.subarray(long), [1])]
          : cut(file, [size]);
      const made = await batches(chunks, { bytes: 1000, lines: 3 });
      expect(made.map(linesOf)).toEqual([['first', '', 'third'], ['fourth']]);
      expect(made.map(({ tooLong }) => tooLong)).toEqual([[2], []]);
      expect(made.map(({ firstLine }) => firstLine)).toEqual([1, 4]);
      expect(made[1]!.offset).toBe(6 + long + 1 + 6);
    },
  );

  it('a line of exactly the most bytes is kept', async () => {
    const made = await batches([Buffer.alloc(MAX_RECORD, 'x'), Buffer.from('\n')]);
    expect(made.map(({ tooLong, bytes }) => [tooLong, bytes.length])).toEqual([[[], MAX_RECORD + 1]]);
  });

  it('a last line that is too long and lacks its newline is named too', async () => {
    const made = await batches([Buffer.from('a\n'), Buffer.alloc(MAX_RECORD + 1, 'x')]);
    expect(made.map((batch) => [linesOf(batch), batch.tooLong])).toEqual([[['a', ''], [2]]]);
  });
});

import fc from 'fast-check';
import { encodingOf, inUtf8 } from './csv/text-decoding.ts';
import { csvRows } from './csv/csv-rows.ts';
import { RowSplitter } from './csv/row-splitter.ts';
import { sniff } from './csv/sniff.ts';
import { jsonArrayLines } from './json-array.ts';

/** The bytes, cut at any places. */
function* cut(bytes: Uint8Array, sizes: readonly number[]): Generator<Uint8Array> {
  let at = 0;
  for (let i = 0; at < bytes.length; i += 1) {
    const size = sizes[i % sizes.length]!;
    yield bytes.slice(at, at + size);
    at += size;
  }
}

async function* slowly(chunks: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

async function textOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all).toString();
}

const sizes = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 5 });

describe('an array', () => {
  it('is a line for each value, wherever it is cut and however it is spaced', async () => {
    const property = fc.asyncProperty(
      fc.array(fc.jsonValue()),
      sizes,
      fc.integer({ min: 0, max: 4 }),
      async (values, at, gap) => {
        const { lines, errors } = jsonArrayLines(slowly(cut(Buffer.from(JSON.stringify(values, null, gap)), at)));
        const text = await textOf(lines);
        expect(text).toBe(values.map((value) => `${JSON.stringify(value)}\n`).join(''));
        expect(errors.count).toBe(0);
      },
    );
    await fc.assert(property, { numRuns: 200 });
  });

  it('keeps apart what spaces keep apart, so that no mistake becomes a value', async () => {
    const { lines } = jsonArrayLines(slowly([Buffer.from('[1 2, tr\n ue, "a" "b", - 1]')]));
    expect(await textOf(lines)).toBe('1 2\ntr ue\n"a" "b"\n- 1\n');
  });
});

describe('a table', () => {
  const cell = fc.string({
    unit: fc.constantFrom('a', '"', ',', ';', '\n', '\r\n', ' ', 'é', '😀', '1'),
    maxLength: 6,
  });
  const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

  it('is read as it was written, wherever it is cut', () => {
    const property = fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1 }), sizes, (rows, at) => {
      const file = Buffer.from(rows.map((row) => `${row.map(quoted).join(',')}\r\n`).join(''));
      const types = { '*': 'text' } as const;
      const sniffed = sniff(file, true, { delimiter: ',', header: false, types });
      if ('issue' in sniffed) throw new Error(sniffed.issue.detail);
      const splitter = new RowSplitter(sniffed.dialect);
      const batches = [...[...cut(file, at)].flatMap((chunk) => [...splitter.take(chunk)]), ...splitter.end()];
      const made = batches.map((batch) => csvRows(batch, sniffed.dialect));
      expect(made.flatMap(({ errors }) => errors)).toEqual([]);
      const lines = made.map(({ lines: each }) => Buffer.from(each).toString()).join('');
      expect(
        lines
          .trimEnd()
          .split('\n')
          .map((line) => Object.values(JSON.parse(line) as object)),
      ).toEqual(rows);
    });
    fc.assert(property, { numRuns: 200 });
  });

  it.each([
    ['a;b\n1,5;2\n3;4\n', ';', true, ['text', 'integer']],
    ['a\tb\n"x,y"\t2\n', '\t', true, ['text', 'integer']],
    ['x,y\n', ',', true, ['text', 'text']],
    ['1,x\n2,y\n', ',', false, ['integer', 'text']],
    ['n,d\n007,1e3\n010,-2.50\n', ',', true, ['text', 'number']],
    ['n\n12345678901234567\n', ',', true, ['text']],
    ['j,b\n"{""a"":1}",True\n[],false\n', ',', true, ['json', 'boolean']],
    [',a\n0,x\n', ',', true, ['integer', 'text']],
    ['a,b\r1,2\r3,4\r', ',', true, ['integer', 'integer']],
  ])('is found to be written as it is: %p', (text, delimiter, header, types) => {
    const sniffed = sniff(Buffer.from(text), true, {});
    if ('issue' in sniffed) throw new Error(sniffed.issue.detail);
    const { dialect } = sniffed;
    expect([dialect.delimiter, dialect.header, dialect.columns.map(({ type }) => type)]).toEqual([
      delimiter,
      header,
      types,
    ]);
  });

  it('is known by its beginning, without the row that the sample cuts', () => {
    const sniffed = sniff(Buffer.from(`n;t\n${'1;"a;b"\n'.repeat(1000)}2;"cu`), false, {});
    expect(sniffed).toMatchObject({
      dialect: {
        delimiter: ';',
        header: true,
        columns: [
          { name: 'n', type: 'integer' },
          { name: 't', type: 'text' },
        ],
      },
    });
  });

  it('is known by its bytes, also where a sample ends inside a letter', async () => {
    expect(encodingOf(Buffer.from('größe').subarray(0, 3))).toBe('utf-8');
    expect(encodingOf(Buffer.from('größe', 'latin1'))).toBe('latin-1');
    expect(encodingOf(Buffer.from('größe', 'utf16le'))).toBe('utf-16le');
    const broken = inUtf8(slowly([Uint8Array.of(0x00, 0xd8, 0x61, 0x00)]), 'utf-16le');
    await expect(textOf(broken)).rejects.toMatchObject({ code: 'file-unreadable' });
  });
});

import { parquetWriteBuffer } from 'hyparquet-writer';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { dumpOf } from '../support/at-rest.ts';
import { type Answer, startVault, type Vault } from '../support/vault.ts';

interface Imported {
  id: string;
  status: string;
  records: number;
  rejected: number;
  findings_by_type: Record<string, number>;
  format: { type: string; encoding?: string; delimiter?: string; header?: boolean; columns?: object[] };
  errors: object[];
  code?: string;
}

const JSON_TYPE = 'application/json';
const CSV = 'text/csv';
const PARQUET = 'application/vnd.apache.parquet';

describe('files of other formats', () => {
  let vault: Vault;
  beforeAll(async () => {
    vault = await startVault();
  });
  afterAll(() => vault.remove());

  const send = async (
    raw: string | Uint8Array,
    type: string,
    query = '',
    headers = {},
  ): Promise<{ answer: Answer<Imported>; out: () => Promise<string>; errors: () => Promise<object[]> }> => {
    const dataset = await vault.newDataset();
    const answer = await vault.importLines<Imported>(dataset, raw, query, { 'content-type': type, ...headers });
    const linesOf = (text: string): object[] =>
      text
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as object);
    return {
      answer,
      out: async () => (await vault.get(`/datasets/${dataset}/export`)).text,
      errors: async () => linesOf((await vault.get(`/imports/${answer.body.id}/errors`)).text),
    };
  };

  describe('a JSON array', () => {
    const ARRAY = '\ufeff[\n  {"a": 1.0, "b": "x, ]\\" y"},\n  [1, 2 , "z"],\n  12345678901234567890\n]\n';

    it.each([
      ['plain', {}, Buffer.from(ARRAY)],
      ['gzip', { 'content-encoding': 'gzip' }, gzipSync(ARRAY)],
      ['zstd', { 'content-encoding': 'zstd' }, zstdCompressSync(ARRAY)],
    ])('comes in %s, each element a record without the spaces around it', async (_name, headers, bytes) => {
      const { answer, out } = await send(bytes, JSON_TYPE, '', headers);
      expect([answer.status, answer.body.records, answer.body.format.type]).toEqual([201, 3, 'json']);
      expect(await out()).toBe('{"a":1.0,"b":"x, ]\\" y"}\n[1,2,"z"]\n12345678901234567890\n');
    });

    it('tells which elements are wrong and where', async () => {
      const { answer, errors, out } = await send('[{"a":1} {"b":2}, {"a": tr ue}, {"s":"a\nb"}, {"c":3}, ]', JSON_TYPE);
      expect([answer.body.status, answer.body.records, answer.body.rejected]).toEqual(['completed_with_errors', 1, 4]);
      expect(await errors()).toEqual([
        { row: 1, column: 8, reason: 'not valid JSON' },
        { row: 2, column: 6, reason: 'not valid JSON' },
        { row: 3, column: 8, reason: 'not valid JSON' },
        { row: 5, reason: 'nothing beside a comma' },
      ]);
      expect(await out()).toBe('{"c":3}\n');
    });

    it.each([
      ['{"a":1}', 'row 1'],
      ['[{"a":1}', 'row 1'],
      ['[{"a":1},{"b":[2}]', 'row 2'],
      ['[{"a":1}] oops', 'row 2'],
    ])('is refused whole where nobody can tell what follows: %p', async (text, pointer) => {
      const { answer, out } = await send(text, JSON_TYPE);
      expect(answer).toMatchObject({ status: 422, body: { code: 'FILE_UNREADABLE', errors: [{ pointer }] } });
      expect(await out()).toBe('');
    });
  });

  describe('a table', () => {
    it('says how it was read', async () => {
      const rows = [
        'name;age;score;ok;tags;note',
        '"Ann; ""A""";41;1.50;true;"[""x"",1]";',
        'Ben;;-2;FALSE;;"two',
        'lines"',
      ];
      const { answer, out } = await send(rows.join('\r\n'), CSV);
      expect(answer.body).toMatchObject({ status: 'completed', records: 2 });
      expect(answer.body.format).toEqual({
        type: 'csv',
        encoding: 'utf-8',
        delimiter: ';',
        header: true,
        columns: [
          { name: 'name', type: 'text' },
          { name: 'age', type: 'integer' },
          { name: 'score', type: 'number' },
          { name: 'ok', type: 'boolean' },
          { name: 'tags', type: 'json' },
          { name: 'note', type: 'text' },
        ],
      });
      expect(await out()).toBe(
        '{"name":"Ann; \\"A\\"","age":41,"score":1.50,"ok":true,"tags":["x",1],"note":""}\n' +
          '{"name":"Ben","age":null,"score":-2,"ok":false,"tags":null,"note":"two\\r\\nlines"}\n',
      );
    });

    it.each([
      ['latin-1', Buffer.from('name,plz\nZoë,01234\n', 'latin1')],
      ['utf-16le', Buffer.from('\ufeffname,plz\nZoë,01234\n', 'utf16le')],
      ['utf-16be', Buffer.from('name,plz\nZoë,01234\n', 'utf16le').swap16()],
      ['utf-8', Buffer.from('\ufeffname,plz\nZoë,01234\n')],
    ])('is read in %s', async (encoding, bytes) => {
      const { answer, out } = await send(bytes, CSV);
      expect(answer.body.format.encoding).toBe(encoding);
      expect(await out()).toBe('{"name":"Zoë","plz":"01234"}\n');
    });

    it('has its columns numbered where no row names them, and is read as the sender says', async () => {
      const bare = await send('1\tx\n2\ty\n', CSV);
      expect(bare.answer.body.format).toMatchObject({ delimiter: '\t', header: false });
      expect(await bare.out()).toBe('{"column_1":1,"column_2":"x"}\n{"column_1":2,"column_2":"y"}\n');
      const types = encodeURIComponent('{"a":"text","*":"number"}');
      const said = await send('a|b\n1|2\n', CSV, `?delimiter=pipe&header=true&encoding=utf-8&types=${types}`);
      expect(await said.out()).toBe('{"a":"1","b":2}\n');
    });

    it('tells the row, the column and the reason of what is wrong, and never the value', async () => {
      const long = Array.from({ length: 1000 }, (_, i) => `${i},x`).join('\n');
      const file = `n,word\n${long}\nsecret-7,y\n5\n6,"a"b\n7,a"b\n8,"c"\n`;
      const { answer, errors } = await send(
        Buffer.concat([Buffer.from(file), Buffer.from([0x39, 0x2c, 0xff, 0x0a])]),
        CSV,
        '?encoding=utf-8',
      );
      expect([answer.body.records, answer.body.rejected]).toEqual([1001, 5]);
      expect(await errors()).toEqual([
        { row: 1002, column: 1, path: '/n', reason: 'expected an integer of at most 15 digits' },
        { row: 1003, column: 2, reason: 'expected 2 cells, found 1' },
        { row: 1004, reason: 'text behind a closing quote' },
        { row: 1005, reason: 'a quote inside a cell that does not begin with one' },
        { row: 1007, reason: 'not valid UTF-8' },
      ]);
    });

    it('comes in whole where it is longer than what is looked at first', async () => {
      const rows = Array.from({ length: 40_000 }, (_, i) => `${i},"${'x'.repeat(i % 40)}"`);
      const { answer, out } = await send(`n,t\n${rows.join('\n')}\n`, CSV);
      expect([answer.body.records, answer.body.rejected]).toEqual([40_000, 0]);
      expect((await out()).split('\n')[39_999]).toBe(`{"n":39999,"t":"${'x'.repeat(39)}"}`);
    });

    it('is refused where two columns have one name, and takes no option of another format', async () => {
      const twice = await send('a,a\nx,y\n', CSV, '?header=true');
      expect(twice.answer.body).toMatchObject({ code: 'FILE_UNREADABLE', errors: [{ pointer: 'row 1, column 2' }] });
      expect((await send('{}', 'application/x-ndjson', '?delimiter=comma')).answer.body.code).toBe(
        'OPTION_NOT_FOR_FORMAT',
      );
    });
  });

  describe('a Parquet file', () => {
    const chats = [
      {
        messages: [
          { role: 'user', content: 'Hi' },
          { role: 'assistant', content: 'Ho' },
        ],
        score: 0.5,
      },
      { messages: [], score: 2 },
    ];
    const file = (columnData: Parameters<typeof parquetWriteBuffer>[0]['columnData'], options = {}): Uint8Array =>
      new Uint8Array(parquetWriteBuffer({ columnData, ...options }));
    const nested = (): Uint8Array =>
      file(
        [
          { name: 'messages', data: chats.map(({ messages }) => messages) },
          { name: 'score', data: chats.map(({ score }) => score) },
          { name: 'big', data: [9007199254740993n, -1n] },
        ],
        { schema: NESTED },
      );

    it.each([
      ['plain', {}, (bytes: Uint8Array) => bytes],
      ['gzip', { 'content-encoding': 'gzip' }, gzipSync],
    ])('comes in %s, with what is nested in it and every digit', async (_name, headers, packed) => {
      const { answer, out } = await send(packed(nested()), PARQUET, '', headers);
      expect(answer.body).toMatchObject({ status: 'completed', records: 2 });
      expect(answer.body.format.columns).toEqual([
        { name: 'messages', type: 'list<struct<role: string, content: string>>' },
        { name: 'score', type: 'double' },
        { name: 'big', type: 'int64' },
      ]);
      expect(await out()).toBe(
        '{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Ho"}],"score":0.5,"big":9007199254740993}\n' +
          '{"messages":[],"score":2,"big":-1}\n',
      );
    });

    it('tells the row, the column and the reason where a value is none of JSON', async () => {
      const { answer, errors, out } = await send(file([{ name: 'x', data: [1.5, NaN, 2.5], type: 'DOUBLE' }]), PARQUET);
      expect([answer.body.records, answer.body.rejected]).toEqual([2, 1]);
      expect(await errors()).toEqual([{ row: 2, column: 1, path: '/x', reason: 'not a finite number' }]);
      expect(await out()).toBe('{"x":1.5}\n{"x":2.5}\n');
    });

    it('invariant 1: larger than what is kept in memory, it is put aside, and nothing of it is left', async () => {
      const word = 'marker-in-a-large-file';
      const data = Array.from({ length: 90_000 }, (_, i) => `${word} ${i} ${'x'.repeat(i % 100)}`);
      const { answer } = await send(
        file([{ name: 't', data }], { codec: 'UNCOMPRESSED', rowGroupSize: 30_000 }),
        PARQUET,
      );
      expect([answer.status, answer.body.records]).toEqual([201, 90_000]);
      const rest = await dumpOf(vault);
      expect(rest.filter(({ name }) => name.includes('spool.')).map(({ name }) => name)).toEqual([]);
      expect(rest.filter(({ bytes }) => bytes.includes(word)).map(({ name }) => name)).toEqual([]);
    });

    it.each([
      ['no Parquet at all', (): Uint8Array => Buffer.from('PAR1 and so on, but no more')],
      ['cut in the middle', (): Uint8Array => nested().subarray(0, 200)],
      ['altered inside', (): Uint8Array => nested().fill(0xff, 4, 60)],
    ])('is refused when it is %s', async (_name, bytes) => {
      const { answer, out } = await send(bytes(), PARQUET);
      expect([answer.status, answer.body.code]).toEqual([422, 'FILE_UNREADABLE']);
      expect(await out()).toBe('');
    });
  });

  it('are tried out without anything being written', async () => {
    const dataset = await vault.newDataset();
    const file = 'n,mail\n1,jane@example.org\n2,x\n3\n';
    const query = '?dry_run=true';
    const { status, body } = await vault.importLines<Imported>(dataset, file, query, { 'content-type': CSV });
    expect([status, body]).toEqual([
      200,
      {
        status: 'would_complete_with_errors',
        records: 2,
        rejected: 1,
        quarantined: 0,
        bytes: 51,
        findings_by_type: { EMAIL_ADDRESS: 1 },
        format: expect.objectContaining({ type: 'csv', delimiter: ',' }) as object,
        errors: [{ pointer: 'row 4, column 2', detail: 'expected 2 cells, found 1' }],
        gates: [],
      },
    ]);
    const strict = await vault.importLines<Imported>(dataset, 'x\n{}\n', '?dry_run=true&strict=true');
    expect([strict.status, strict.body.status]).toEqual([200, 'would_fail']);
    const { body: commits } = await vault.get<{ items: object[] }>(`/datasets/${dataset}/commits`);
    expect([commits.items.length, (await vault.get(`/datasets/${dataset}/export`)).text]).toEqual([1, '']);
  });

  it('say where their rows say more of the records; the rows stay as they are', async () => {
    const dataset = await vault.newDataset();
    const path = `/datasets/${dataset}/records`;
    const lines = [
      '{ "meta": {"split":"train","n":{"rating":4.5,"ok":true,"by":null}}, "tags":["a","b"] }',
      '{"meta":{"split":null},"tags":"one","lang":"de-CH"}',
      '{"meta":{"split":7}}',
      '{"meta":{"split":"jane@example.org"}}',
      `{"meta":{"split":"test","n":{"far":${'9'.repeat(20)}}}}`,
    ];
    const query = '?split_from=/meta/split&labels_from=/tags&language_from=/lang&metadata_from=/meta/n';
    const sent = await vault.importLines<Imported>(dataset, `${lines.join('\n')}\n`, query);
    expect(sent.body).toMatchObject({ status: 'completed_with_errors', records: 3, rejected: 2 });
    const errors = (await vault.get(`/imports/${sent.body.id}/errors`)).text;
    expect(errors.trim().split('\n')).toEqual([
      '{"line":3,"reason":"split: expected a text of 1 to 64 characters"}',
      '{"line":4,"reason":"split: personal data, where it would be kept in plain sight"}',
    ]);
    const { body } = await vault.get<{ items: Record<string, unknown>[] }>(`${path}?limit=10`);
    expect(body.items.map(({ split, labels, language, metadata }) => [split, labels, language, metadata])).toEqual([
      ['train', ['a', 'b'], null, { rating: 4.5, ok: true }],
      [null, ['one'], 'de-CH', {}],
      ['test', [], null, { far: 1e20 }],
    ]);
    const { text } = await vault.get(`/datasets/${dataset}/export?split=train&label=b`);
    expect(text).toBe(`${lines[0]}\n`);

    const csv = { 'content-type': CSV };
    const table = await vault.importLines(dataset, 'text,part\nhello,validation\n', '?split_from=/part', csv);
    expect(table.status).toBe(201);
    const found = await vault.get<{ items: object[] }>(`${path}?split=validation`);
    expect(found.body.items).toMatchObject([{ content: { text: 'hello', part: 'validation' } }]);
    const tried = await vault.importLines<Imported>(dataset, `${lines[3]}\n{}\n`, `${query}&dry_run=true`);
    expect(tried.body).toMatchObject({ status: 'would_complete_with_errors', records: 1, rejected: 1 });
    expect((await vault.importLines(dataset, '{}\n', '?split_from=split')).status).toBe(422);
  });

  it('have every bad row in the error file, however many there are', async () => {
    const { answer, errors } = await send(`${'x\n'.repeat(2500)}{}\n`, 'application/x-ndjson');
    expect(answer.body.rejected).toBe(2500);
    const all = await errors();
    expect([all.length, all.at(-1)]).toEqual([2500, { line: 2500, column: 1, reason: 'not valid JSON' }]);
    const refused = await vault.importLines<{ detail: string }>(await vault.newDataset(), 'x\ny\n');
    const [path] = /\/imports\/imp_\w+\/errors/.exec(refused.body.detail)!;
    expect((await vault.get(path)).text.trim().split('\n')).toHaveLength(2);
  });
});

const optional = { repetition_type: 'OPTIONAL' } as const;
const NESTED = [
  { name: 'root', num_children: 3 },
  { name: 'messages', ...optional, num_children: 1, converted_type: 'LIST' },
  { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
  { name: 'element', ...optional, num_children: 2 },
  { name: 'role', ...optional, type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  { name: 'content', ...optional, type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  { name: 'score', ...optional, type: 'DOUBLE' },
  { name: 'big', ...optional, type: 'INT64' },
] as const;

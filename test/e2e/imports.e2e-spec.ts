import { gzipSync, zstdCompressSync } from 'node:zlib';
import { type Answer, startVault, type Vault } from '../support/vault.ts';

interface Import {
  id: string;
  status: string;
  records: number;
  rejected: number;
  commit_id: string | null;
}
interface Problem {
  code: string;
  errors?: { pointer: string; detail: string }[];
}

const GOOD = '{"text":"one"}\n{"text":"two"}\n';

describe('imports', () => {
  let vault: Vault;
  beforeAll(async () => {
    vault = await startVault();
  });
  afterAll(() => vault.remove());

  const exported = async (dataset: string): Promise<string> => (await vault.get(`/datasets/${dataset}/export`)).text;
  const errorsOf = async (id: string): Promise<{ line: number; reason: string }[]> =>
    (await vault.get(`/imports/${id}/errors`)).text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as { line: number; reason: string });

  it.each([
    ['plain', {}, Buffer.from(GOOD)],
    ['gzip', { 'content-encoding': 'gzip' }, gzipSync(GOOD)],
    ['zstd', { 'content-encoding': 'zstd' }, zstdCompressSync(GOOD)],
  ])('take %s files', async (_name, headers, bytes) => {
    const dataset = await vault.newDataset();
    const { status, body } = await vault.importLines<Import>(dataset, bytes, '', headers);
    expect([status, body.records]).toEqual([201, 2]);
    expect(await exported(dataset)).toBe(GOOD);
  });

  it('report wrong lines by number and reason, and bring in the rest', async () => {
    const dataset = await vault.newDataset();
    const file = Buffer.concat([
      Buffer.from('{"text":"one"}\n{"secret": nope}\n\n{"text":"two"}\n{"text":"'),
      Buffer.from([0xff, 0xfe]),
      Buffer.from(`"}\n${'['.repeat(70)}${']'.repeat(70)}\n"no newline at the end"`),
    ]);
    const { status, body } = await vault.importLines<Import>(dataset, file);
    expect([status, body.status, body.records, body.rejected]).toEqual([201, 'completed_with_errors', 3, 3]);
    expect(await errorsOf(body.id)).toEqual([
      { line: 2, column: 12, reason: 'not valid JSON' },
      { line: 5, reason: 'not valid UTF-8' },
      { line: 6, reason: 'nested deeper than 64 levels' },
    ]);
    expect(await exported(dataset)).toBe('{"text":"one"}\n{"text":"two"}\n"no newline at the end"\n');
  });

  it('never repeat what a wrong line says', async () => {
    const dataset = await vault.newDataset();
    const { body } = await vault.importLines<Import>(dataset, 'a-very-private-word\n{"a":1}\n');
    const errors = await vault.get(`/imports/${body.id}/errors`);
    expect(errors.text).not.toContain('private');
    expect(JSON.stringify(vault.log)).not.toContain('a-very-private-word');
  });

  it('bring in nothing of a file with a wrong line when all or nothing is asked for', async () => {
    const dataset = await vault.newDataset();
    const answer = await vault.importLines<Problem>(dataset, `${GOOD}oops\n`, '?strict=true');
    expect([answer.status, answer.body.code]).toEqual([422, 'IMPORT_REJECTED']);
    expect(answer.body.errors).toEqual([{ pointer: 'line 3, column 1', detail: 'not valid JSON' }]);
    expect(await exported(dataset)).toBe('');
  });

  it('keep carriage returns and leave out a byte order mark', async () => {
    const dataset = await vault.newDataset();
    await vault.importLines(dataset, '\ufeff{"a":1}\r\n{"a":2}\r\n');
    expect(await exported(dataset)).toBe('{"a":1}\r\n{"a":2}\r\n');
  });

  it('refuse an empty file, a file of wrong lines only, an unknown encoding and an unknown type', async () => {
    const dataset = await vault.newDataset();
    const problems: Answer<Problem>[] = [
      await vault.importLines<Problem>(dataset, '\n \n'),
      await vault.importLines<Problem>(dataset, 'oops\n'),
      await vault.importLines<Problem>(dataset, GOOD, '', { 'content-encoding': 'br' }),
      await vault.importLines<Problem>(dataset, GOOD, '', { 'content-type': 'text/plain' }),
      await vault.importLines<Problem>(dataset, gzipSync(GOOD).subarray(0, 20), '', { 'content-encoding': 'gzip' }),
    ];
    expect(problems.map(({ status, body }) => [status, body.code])).toEqual([
      [422, 'IMPORT_EMPTY'],
      [422, 'IMPORT_REJECTED'],
      [415, 'UNSUPPORTED_FORMAT'],
      [415, 'UNSUPPORTED_CONTENT_TYPE'],
      [400, 'STREAM_BROKEN'],
    ]);
    expect(await exported(dataset)).toBe('');
  });

  it('refuse a file that grows beyond measure', async () => {
    const dataset = await vault.newDataset();
    const bomb = zstdCompressSync(Buffer.alloc(200 * 1024 * 1024, '{"a":1}\n'));
    const { status, body } = await vault.importLines<Problem>(dataset, bomb, '', { 'content-encoding': 'zstd' });
    expect([status, body.code]).toEqual([413, 'INFLATES_TOO_FAR']);
    expect(await exported(dataset)).toBe('');
  });

  it('refuse a line over 4 MiB and bring in the others', async () => {
    const dataset = await vault.newDataset();
    const big = `{"text":"${'x'.repeat(4 * 1024 * 1024)}"}`;
    const almost = `{"text":"${'y'.repeat(4 * 1024 * 1024 - 11)}"}`;
    const { body } = await vault.importLines<Import>(dataset, `${big}\n${almost}\n{"a":1}\n`);
    expect([body.records, body.rejected]).toEqual([2, 1]);
    expect(await errorsOf(body.id)).toEqual([{ line: 1, reason: 'longer than 4 MiB' }]);
    expect(await exported(dataset)).toBe(`${almost}\n{"a":1}\n`);
  });

  it('leave nothing of an upload that the sender gave up', async () => {
    const dataset = await vault.newDataset();
    const controller = new AbortController();
    const body = new ReadableStream({
      async start(stream) {
        stream.enqueue(Buffer.from(GOOD.repeat(1000)));
        await new Promise((soon) => setTimeout(soon, 300));
        controller.abort();
      },
    });
    await fetch(`${vault.url}/api/v1/datasets/${dataset}/imports`, {
      method: 'POST',
      body,
      duplex: 'half',
      headers: { authorization: `Bearer ${vault.token}`, 'content-type': 'application/x-ndjson' },
      signal: controller.signal,
    } as RequestInit).catch(() => undefined);
    expect(await exported(dataset)).toBe('');
    expect((await vault.importLines<Import>(dataset, GOOD)).body.records).toBe(2);
  });

  it('at the same time into one branch all land', async () => {
    const dataset = await vault.newDataset();
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) => vault.importLines<Import>(dataset, `{"file":${i}}\n`)),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(201));
    const lines = (await exported(dataset)).trim().split('\n');
    expect(lines.sort()).toEqual(Array.from({ length: 8 }, (_, i) => `{"file":${i}}`));
  });

  it('are not found by another id, and not for datasets that are not there', async () => {
    const nowhere = 'ds_01jz0000000000000000000000';
    expect((await vault.importLines<Problem>(nowhere, GOOD)).body.code).toBe('DATASET_NOT_FOUND');
    expect((await vault.get<Problem>('/imports/imp_01jz0000000000000000000000')).body.code).toBe('IMPORT_NOT_FOUND');
    expect((await vault.get<Problem>('/imports/1')).status).toBe(422);
  });
});

import { createHash } from 'node:crypto';
import { type Answer, startVault, type Vault } from '../support/vault.ts';
import { dumpOf } from '../support/at-rest.ts';

interface Upload {
  id: string;
  status: string;
  bytes: number;
  parts: { from: number; to: number }[];
  job_id: string;
  import_id: string | null;
  commit_id: string | null;
  code?: string;
  errors?: { pointer: string; detail: string }[];
}

const LINES = Array.from({ length: 3000 }, (_, n) => `{"n":${n},"text":"a very-private-word of line ${n}"}\n`).join('');
const JSONL = { name: 'train.jsonl', content_type: 'application/x-ndjson' };
const digestOf = (bytes: string): string => `sha-256=:${createHash('sha256').update(bytes).digest('base64')}:`;

describe('uploads in parts', () => {
  let vault: Vault;
  let dataset: string;
  beforeAll(async () => {
    vault = await startVault();
    dataset = await vault.newDataset();
  });
  afterAll(() => vault.remove());

  const begin = async (more: object = {}): Promise<string> => {
    const { status, body, text } = await vault.post<Upload>(`/datasets/${dataset}/uploads`, { ...JSONL, ...more });
    if (status !== 201) throw new Error(text);
    return body.id;
  };
  const put = (id: string, number: number, bytes: string, digest = digestOf(bytes)): Promise<Answer<Upload>> =>
    vault.ask<Upload>('PUT', `/uploads/${id}/parts/${number}`, {
      raw: bytes,
      headers: { 'content-type': 'application/octet-stream', 'content-digest': digest },
    });
  const state = async (id: string): Promise<Upload> => (await vault.get<Upload>(`/uploads/${id}`)).body;
  const finished = async (id: string): Promise<{ status: string; failure: string | null; result: object }> => {
    const { body } = await vault.post<Upload>(`/uploads/${id}/complete`);
    type Job = { status: string; failure: string | null; result: object };
    const job = await vault.until<Job>(`/jobs/${body.job_id}`, (each) => /^(comp|fail)/.test(each.body.status));
    return job.body;
  };
  const exported = async (): Promise<string> => (await vault.get(`/datasets/${dataset}/export`)).text;

  it('come in any order, tell what is there, and become one commit that is what was cut', async () => {
    const id = await begin({ size: LINES.length });
    const [first, second, third] = [LINES.slice(0, 50_000), LINES.slice(50_000, 70_001), LINES.slice(70_001)] as const;
    expect((await put(id, 3, third)).body).toEqual({
      number: 3,
      bytes: third.length,
      sha256: createHash('sha256').update(third).digest('hex'),
    });
    await put(id, 1, first);
    expect(await state(id)).toMatchObject({
      status: 'open',
      bytes: first.length + third.length,
      parts: [
        { from: 1, to: 1 },
        { from: 3, to: 3 },
      ],
    });
    const early = await vault.post<Upload>(`/uploads/${id}/complete`);
    expect([early.status, early.body.code, early.body.errors]).toEqual([
      409,
      'UPLOAD_INCOMPLETE',
      [{ pointer: '/parts', detail: 'Part 2 is missing' }],
    ]);
    await put(id, 2, second);
    expect(await finished(id)).toMatchObject({ status: 'completed', result: { brought_in_before: false } });
    expect(await state(id)).toMatchObject({
      status: 'completed',
      parts: [],
      commit_id: expect.stringMatching(/^cm_/) as string,
    });
    expect(await exported()).toBe(LINES);
  });

  it('change nothing when the same file comes again, however it is cut: it becomes the same commit', async () => {
    const id = await begin();
    await put(id, 1, LINES);
    const { result } = await finished(id);
    const { body } = await vault.get<{ items: { id: string; message: string }[] }>(`/datasets/${dataset}/commits`);
    expect(result).toMatchObject({ brought_in_before: true, commit_id: body.items[0]!.id });
    expect(body.items.filter(({ message }) => message === 'Import')).toHaveLength(1);
    expect(await exported()).toBe(LINES);
  });

  it('say where their rows say more of the records', async () => {
    const id = await begin({ split_from: '/part' });
    await put(id, 1, '{"part":"held-out"}\n');
    expect(await finished(id)).toMatchObject({ status: 'completed' });
    const { body } = await vault.get<{ items: object[] }>(`/datasets/${dataset}/records?split=held-out`);
    expect(body.items).toMatchObject([{ content: { part: 'held-out' } }]);
  });

  it('take a part again when it is the same, and not with other bytes, another digest or too many of them', async () => {
    const id = await begin();
    await put(id, 1, 'one');
    const answers = [
      await put(id, 1, 'one'),
      await put(id, 1, 'two'),
      await put(id, 2, 'two', digestOf('one')),
      await put(id, 2, 'x'.repeat(8 * 1024 * 1024 + 1)),
      await put(id, 0, 'x'),
      await vault.ask<Upload>('PUT', `/uploads/${id}/parts/2`, { body: { a: 1 } }),
    ];
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual([
      [200, undefined],
      [409, 'UPLOAD_PART_DIFFERS'],
      [422, 'DIGEST_MISMATCH'],
      [413, 'UPLOAD_PART_TOO_LARGE'],
      [422, 'VALIDATION_FAILED'],
      [415, 'UPLOAD_PART_UNSUPPORTED'],
    ]);
    expect((await state(id)).parts).toEqual([{ from: 1, to: 1 }]);
  });

  it('say before anything is sent what cannot be imported, and after it which rows were wrong', async () => {
    const refused = await vault.post<Upload>(`/datasets/${dataset}/uploads`, { ...JSONL, header: true });
    expect(refused.body.code).toBe('OPTION_NOT_FOR_FORMAT');
    const id = await begin({ strict: true });
    await put(id, 1, '{"a":1}\noops\n');
    expect(await finished(id)).toMatchObject({ status: 'failed', failure: 'IMPORT_REJECTED' });
    const { import_id: imported } = await state(id);
    expect((await vault.get(`/imports/${imported}/errors`)).text).toBe(
      '{"line":2,"column":1,"reason":"not valid JSON"}\n',
    );
    expect((await put(id, 2, '{}')).body.code).toBe('UPLOAD_CLOSED');
  });

  it('are gone when they are aborted, and lie in plaintext nowhere before', async () => {
    const id = await begin();
    await put(id, 1, LINES.slice(0, 5000));
    expect((await vault.get<{ items: Upload[] }>(`/datasets/${dataset}/uploads`)).body.items[0]!.id).toBe(id);
    const kept = await dumpOf(vault);
    expect(kept.some(({ name }) => name.includes('upload.'))).toBe(true);
    expect(kept.filter(({ bytes }) => bytes.includes('very-private-word')).map(({ name }) => name)).toEqual([]);
    expect((await vault.ask('DELETE', `/uploads/${id}`)).status).toBe(204);
    expect((await vault.get<Upload>(`/uploads/${id}`)).body.code).toBe('UPLOAD_NOT_FOUND');
    expect((await put(id, 2, 'x')).body.code).toBe('UPLOAD_NOT_FOUND');
  });

  it('invariant 2: a server that is killed at it goes on with what was acknowledged, and imports it once', async () => {
    const id = await begin({ message: 'Once' });
    const many = LINES.repeat(20);
    await put(id, 1, many);
    await put(id, 2, '{"last":true}\n');
    await vault.post(`/uploads/${id}/complete`);
    await vault.stop('SIGKILL');
    vault = await startVault({ on: vault.backing });
    await vault.until<Upload>(`/uploads/${id}`, ({ body }) => body.status === 'completed', 120);
    const { body } = await vault.get<{ items: { message: string; added: number }[] }>(`/datasets/${dataset}/commits`);
    expect(body.items.filter(({ message }) => message === 'Once').map(({ added }) => added)).toEqual([60_001]);
  }, 180_000);
});

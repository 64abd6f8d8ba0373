// Records over HTTP: made, changed and taken away one by one, each with its version, its commit and its history.
import { startVault, type Vault } from '../support/vault.ts';

interface Written {
  id: string;
  commit_id: string;
  version: string;
  code?: string;
}
interface Page {
  items: { id: string; content: unknown; labels: string[]; metadata: object }[];
}
interface Batch {
  commit_id: string;
  items: { status: number; id: string; code: string | null; errors?: { pointer: string }[] }[];
}

describe('records', () => {
  let vault: Vault;
  let records: string;
  beforeAll(async () => {
    vault = await startVault();
    records = `/datasets/${await vault.newDataset()}/records`;
  });
  afterAll(() => vault.remove());

  const create = (body: object, headers = {}) => vault.post<Written>(records, body, { headers });
  const change = (method: string, id: string, body: unknown, headers = {}) =>
    vault.ask<Written>(method, `${records}/${id}`, { body, headers });

  it('are created, read, replaced, patched and removed, each time from the version that was seen', async () => {
    const made = await create({ content: { text: 'one' }, labels: ['new'], metadata: { n: 1 } });
    expect([made.status, made.headers.get('etag')]).toEqual([201, made.body.version]);
    const { id, version } = made.body;
    const read = await vault.get<Page['items'][0]>(`${records}/${id}`);
    expect(read.body).toMatchObject({ content: { text: 'one' }, labels: ['new'], metadata: { n: 1 } });
    expect(read.headers.get('etag')).toBe(version);

    const replaced = await change('PUT', id, { content: { text: 'two' } }, { 'if-match': version });
    expect(replaced.status).toBe(200);
    const stale = await change('PUT', id, { content: 1 }, { 'if-match': version });
    expect([stale.status, stale.body.code]).toEqual([412, 'RECORD_CHANGED']);
    const patch = { content: { more: 12 }, labels: ['checked'] };
    const patched = await change('PATCH', id, patch, {
      'if-match': replaced.body.version,
      'content-type': 'application/merge-patch+json',
    });
    expect(patched.status).toBe(200);
    expect((await vault.get<Page['items'][0]>(`${records}/${id}`)).body).toMatchObject({
      content: { text: 'two', more: 12 },
      labels: ['checked'],
      metadata: {},
    });
    expect((await change('DELETE', id, undefined, { 'if-match': 'W/"x"' })).status).toBe(412);
    expect((await change('DELETE', id, undefined, { 'if-match': patched.body.version })).status).toBe(204);
    expect((await vault.get(`${records}/${id}`)).status).toBe(404);
    const before = await vault.get<{ content: unknown }>(`${records}/${id}?ref=${patched.body.commit_id}`);
    expect(before.body.content).toEqual({ text: 'two', more: 12 });
    const history = await vault.get<{ items: { change: string }[] }>(`${records}/${id}/history`);
    expect(history.body.items.map((each) => each.change)).toEqual(['removed', 'changed', 'changed', 'added']);
  });

  it('keep names that objects have by themselves', async () => {
    const named = {
      constructor: 'Acme Builders',
      prototype: { wings: 2 },
      toString: 'none',
      list: [{ constructor: null }],
    };
    const { body } = await create({ content: named, metadata: { constructor: 'Acme Builders' } });
    const read = await vault.get<Page['items'][0]>(`${records}/${body.id}`);
    expect(read.text).toContain(JSON.stringify(named));
    expect(Object.entries(read.body.metadata)).toEqual([['constructor', 'Acme Builders']]);
  });

  it('are found by what is said of them', async () => {
    const { body } = await create({ content: 1, external_id: 'row-1', metadata: { lang: 'de', score: 0.75 } });
    const found = async (query: string): Promise<string[]> =>
      (await vault.get<Page>(`${records}?${query}`)).body.items.map(({ id }) => id);
    const where = encodeURIComponent('{"lang":"de","score":{"gte":0.5,"lt":1}}');
    expect([await found('external_id=row-1'), await found(`metadata=${where}`)]).toEqual([[body.id], [body.id]]);
    expect(await found(`metadata=${encodeURIComponent('{"lang":{"in":["en"]}}')}`)).toEqual([]);
    expect((await vault.get(`${records}?metadata=no`)).status).toBe(422);
    expect((await create({ content: 2, external_id: 'row-1' })).body.code).toBe('EXTERNAL_ID_TAKEN');
  });

  it('are created once for each Idempotency-Key', async () => {
    const key = { 'idempotency-key': 'record-1' };
    const [one, two] = [await create({ content: 'once' }, key), await create({ content: 'once' }, key)];
    expect([two.body, two.headers.get('idempotency-replayed')]).toEqual([one.body, 'true']);
    expect((await create({ content: 'other' }, key)).body.code).toBe('IDEMPOTENCY_KEY_REUSED');
  });

  it('are changed by the batch in one commit, with a result for each', async () => {
    const { id } = (await create({ content: 'soon gone' })).body;
    const secret = 'mara.lindqvist@example.org';
    const items = [
      { op: 'create', content: { n: 1 } },
      { op: 'delete', id },
      { op: 'replace', id, content: 2 },
      { op: 'create', content: 3, metadata: { mail: secret } },
    ];
    const { body, status, text } = await vault.post<Batch>(`${records}/batch?message=Several`, { items });
    expect(status).toBe(200);
    expect(body.items.map((each) => [each.status, each.code])).toEqual([
      [201, null],
      [204, null],
      [422, 'RECORD_TWICE'],
      [422, 'METADATA_PERSONAL'],
    ]);
    expect([body.items[3]!.errors![0]!.pointer, text.includes(secret)]).toEqual(['/metadata/mail', false]);
    const commits = await vault.get<{ items: object[] }>(`${records.replace('/records', '/commits')}?limit=1`);
    expect(commits.body.items[0]).toMatchObject({ id: body.commit_id, message: 'Several', added: 1, removed: 1 });
  });

  it.each([
    ['POST', '', { text: 'no content' }, 422],
    ['POST', '', { content: 1, unknown: 1 }, 422],
    ['POST', '', { content: 1, metadata: { deep: {} } }, 422],
    ['POST', '?branch=nowhere', { content: 1 }, 404],
    ['POST', '/batch', { items: [] }, 422],
    ['POST', '/batch', { items: [{ op: 'explode' }] }, 422],
    ['PUT', '/rec_01jz0000000000000000000000', { content: 1 }, 404],
    ['PUT', '/rec_x', { content: 1 }, 422],
  ])('answers %s %s %j with %s times nothing', async (method, path, body, expected) => {
    expect((await vault.ask(method, records + path, { body })).status).toBe(expected);
  });

  it('answer many writers at once, and lose none of them', async () => {
    const answers = await Promise.all(Array.from({ length: 64 }, (_, n) => create({ content: { many: n } })));
    expect(answers.every(({ status }) => status === 201)).toBe(true);
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(64);
    const { text } = await vault.get(`${records.replace('/records', '/export')}`);
    for (let n = 0; n < 64; n += 1) expect(text).toContain(`{"many":${n}}\n`);
  });

  it('lie in one segment after a compaction, and every commit gives the same', async () => {
    const dataset = records.replace('/records', '');
    const { body } = await vault.get<{ items: { id: string; hash: string }[] }>(`${dataset}/commits?limit=100`);
    const all = [body.items[0]!, body.items.at(-2)!].map(({ id }) => `${dataset}/export?ref=${id}`);
    const before = await Promise.all(all.map(async (path) => (await vault.get(path)).text));
    const asked = await vault.post<{ job_id: string }>(`${dataset}/compact`);
    expect(asked.status).toBe(202);
    const { body: job } = await vault.until<{ status: string; result: { segments: number; into: number } }>(
      `/jobs/${asked.body.job_id}`,
      ({ body: now }) => /^(comp|fail)/.test(now.status),
    );
    expect(job).toMatchObject({ status: 'completed', result: { into: 1 } });
    expect(job.result.segments).toBeGreaterThan(5);
    expect(await Promise.all(all.map(async (path) => (await vault.get(path)).text))).toEqual(before);
    expect((await vault.get<typeof body>(`${dataset}/commits?limit=100`)).body).toEqual(body);
    await vault.logged((line) => line['event_type'] === 'compaction' && line['count'] === job.result.segments);
  });
});

import { startVault, type Vault } from '../support/vault.ts';

interface Job {
  status: string;
  failure: string | null;
  result: {
    commit_id: string | null;
    records: number;
    changed: number | null;
    missing: number;
    splits: { name: string; records: number }[];
    strata?: number;
    largest_strata?: { value?: unknown; example_id: string; records: number; splits: Record<string, number> }[];
  };
}
interface Shown {
  id: string;
  content: { n: number; user?: string };
  split: string | null;
}

const THIRDS = [
  { name: 'train', ratio: 0.6 },
  { name: 'validation', ratio: 0.2 },
  { name: 'test', ratio: 0.2 },
];

describe('splits', () => {
  let vault: Vault;
  beforeAll(async () => {
    vault = await startVault();
  });
  afterAll(() => vault.remove());

  const imported = async (from: number, to: number, dataset?: string): Promise<string> => {
    const into = dataset ?? (await vault.newDataset());
    const lines = Array.from({ length: to - from }, (_, i) => {
      const n = from + i;
      return `${JSON.stringify({ n, mail: `user${n}@example.org`, ...(n % 50 !== 7 && { user: `u${n % 20}` }) })}\n`;
    });
    expect((await vault.importLines(into, lines.join(''))).status).toBe(201);
    return into;
  };
  const assign = async (dataset: string, body: object = {}): Promise<Job> => {
    const asked = await vault.post<{ job_id: string }>(`/datasets/${dataset}/splits`, { splits: THIRDS, ...body });
    if (asked.status !== 202) throw new Error(asked.text);
    const isDone = (each: { body: Job }): boolean => /^(comp|fail)/.test(each.body.status);
    return (await vault.until<Job>(`/jobs/${asked.body.job_id}`, isDone)).body;
  };
  const records = async (dataset: string, query = ''): Promise<Shown[]> => {
    const all: Shown[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const path: string = `/datasets/${dataset}/records?limit=100${query}${cursor && `&cursor=${cursor}`}`;
      const { body } = await vault.get<{ items: Shown[]; next_cursor: string | null }>(path);
      all.push(...body.items);
      cursor = body.next_cursor;
    }
    return all;
  };
  const splitsOf = async (dataset: string, query = ''): Promise<Map<number, string | null>> =>
    new Map((await records(dataset, query)).map(({ content, split }) => [content.n, split]));

  it('are the same again, and stay where they are when records come', async () => {
    const dataset = await imported(0, 300);
    const { status, result } = await assign(dataset, { seed: 'a' });
    expect([status, result.records, result.changed, result.missing]).toEqual(['completed', 300, 300, 0]);
    const first = await splitsOf(dataset);
    for (const { name, records: count } of result.splits)
      expect([...first.values()].filter((split) => split === name)).toHaveLength(count);
    const { text } = await vault.get(`/datasets/${dataset}/export?split=test`);
    expect(text.split('\n').length - 1).toBe(result.splits[2]!.records);
    expect((await assign(dataset, { seed: 'a' })).result).toMatchObject({ commit_id: null, changed: 0 });
    await imported(300, 350, dataset);
    expect((await assign(dataset, { seed: 'a' })).result).toMatchObject({ records: 350, changed: 50 });
    const now = await splitsOf(dataset);
    expect([...now].slice(0, 300)).toEqual([...first]);
    const log = await vault.get<{ items: object[] }>(`/datasets/${dataset}/commits`);
    expect(log.body.items[0]).toMatchObject({ message: 'Assign splits' });
  });

  it('keep together what has one key in its content, and say how many have none', async () => {
    const dataset = await imported(0, 200);
    const refused = await assign(dataset, { key: '/user' });
    expect([refused.status, refused.failure]).toEqual(['failed', 'SPLIT_KEY_MISSING']);
    const tried = await assign(dataset, { key: '/user', dry_run: true });
    expect(tried.result).toMatchObject({ commit_id: null, changed: null, records: 200, missing: 4 });
    expect(tried.result.splits.reduce((sum, each) => sum + each.records, 0)).toBe(196);
    expect(new Set((await splitsOf(dataset)).values())).toEqual(new Set([null]));
    const done = await assign(dataset, { key: '/user', on_missing: 'record_id' });
    expect(done.result).toMatchObject({ missing: 4, changed: 200 });
    const of = new Map<string, Set<string | null>>();
    for (const { content, split } of await records(dataset))
      if (content.user) of.set(content.user, (of.get(content.user) ?? new Set()).add(split));
    expect([...of.values()].every((splits) => splits.size === 1)).toBe(true);
  });

  it('keep the ratios in each stratum; what content says is not told', async () => {
    const dataset = await vault.newDataset();
    const items = Array.from({ length: 60 }, (_, n) => ({
      op: 'create',
      content: { n, kind: n % 3 },
      metadata: { topic: n < 20 ? 'law' : 'art' },
    }));
    await vault.post(`/datasets/${dataset}/records/batch`, { items });
    const { result } = await assign(dataset, { stratify_by: 'metadata.topic' });
    expect([result.strata, result.largest_strata]).toEqual([
      2,
      [
        { value: 'art', example_id: expect.any(String), records: 40, splits: { train: 24, validation: 8, test: 8 } },
        { value: 'law', example_id: expect.any(String), records: 20, splits: { train: 12, validation: 4, test: 4 } },
      ],
    ]);
    const { result: by } = await assign(dataset, { stratify_by: '/kind', dry_run: true });
    expect([by.strata, by.largest_strata!.map((each) => [each.value, each.splits])]).toEqual([
      3,
      new Array(3).fill([undefined, { train: 12, validation: 4, test: 4 }]),
    ]);
  });

  it('are a change like any other: compared, merged, and named by the version', async () => {
    const dataset = await imported(0, 30);
    await vault.post(`/datasets/${dataset}/branches`, { name: 'side' });
    const [record] = await records(dataset);
    const path = `/datasets/${dataset}/records/${record!.id}`;
    const before = (await vault.get(path)).headers.get('etag')!;
    await assign(dataset, { branch: 'side' });
    expect(new Set((await splitsOf(dataset)).values())).toEqual(new Set([null]));
    const { body: diff } = await vault.get<{ items: { change: string; fields: object[] }[] }>(
      `/datasets/${dataset}/diff?from=main&to=side&limit=100`,
    );
    expect(diff.items.map(({ change, fields }) => [change, fields])).toEqual(
      new Array(30).fill(['changed', [{ path: '/split', change: 'added' }]]),
    );
    await vault.ask('PATCH', path, { body: { content: { n: -1 } } });
    const merged = await vault.post<{ records: number }>(`/datasets/${dataset}/merge`, { from: 'side' });
    expect([merged.status, merged.body.records]).toEqual([200, 30]);
    const now = await splitsOf(dataset);
    expect(now.get(-1)).toBe((await splitsOf(dataset, '&ref=side')).get(0));
    expect(new Set(now.values()).has(null)).toBe(false);
    const stats = await vault.get<{ findings_by_type: object }>(`/datasets/${dataset}/stats`);
    expect(stats.body.findings_by_type).toMatchObject({ EMAIL_ADDRESS: 30 });
    const shown = await vault.get<{ items: object[] }>(`/datasets/${dataset}/records/${record!.id}/findings?ref=side`);
    expect(shown.body.items).toMatchObject([{ type: 'EMAIL_ADDRESS' }]);
    const stale = await vault.ask('PATCH', `${path}?branch=side`, { body: {}, headers: { 'if-match': before } });
    expect(stale.status).toBe(412);
  });

  it('are refused where they cannot be', async () => {
    const dataset = await imported(0, 1);
    const tries = [
      { splits: [{ name: 'train', ratio: 0.5 }] },
      { splits: [{ name: 'jane@example.org', ratio: 1 }] },
      { splits: [...THIRDS.slice(0, 2), { name: 'train', ratio: 0.2 }] },
      { key: 'mail' },
      { stratify_by: 'record_id' },
    ];
    for (const body of tries) {
      const { status } = await vault.post(`/datasets/${dataset}/splits`, { splits: THIRDS, ...body });
      expect([body, status]).toEqual([body, 422]);
    }
    await vault.ask('PUT', `/datasets/${dataset}/branches/main/protection`, { body: { protected: true } });
    const refused = await vault.post<{ code: string }>(`/datasets/${dataset}/splits`, { splits: THIRDS });
    expect([refused.status, refused.body.code]).toEqual([409, 'BRANCH_PROTECTED']);
    expect((await assign(dataset, { dry_run: true })).status).toBe('completed');
  });

  describe('leakage', () => {
    const words = (from: number, to: number): string =>
      Array.from({ length: to - from }, (_, i) => `word${from + i}`).join(' ');
    interface Leaks {
      items: { record_id: string; other_id: string; split: string; other_split: string; kind: string }[];
      next_cursor: string | null;
    }
    let dataset: string;
    let ids: string[];
    beforeAll(async () => {
      dataset = await vault.newDataset();
      const items = [
        { content: { text: words(0, 100), n: 1 }, split: 'train', metadata: { user: 'a' } },
        { content: { text: words(1000, 1100) }, split: 'train', metadata: { user: 'b' } },
        { content: { text: words(2000, 2100) }, split: 'train', metadata: { user: 'c' } },
        { content: { n: 1, text: words(0, 100) }, split: 'test', metadata: { user: 'z' } },
        { content: { text: `${words(1000, 1100)} and more` }, split: 'test', metadata: { user: 'c' } },
        { content: { text: words(0, 100), n: 1 } },
      ].map((item) => ({ op: 'create', ...item }));
      await vault.post(`/datasets/${dataset}/records/batch`, { items });
      ids = (await records(dataset)).map(({ id }) => id);
    });
    const search = async (
      body: object,
      into = dataset,
    ): Promise<{ id: string; job: Omit<Job, 'result'> & { result: object } }> => {
      const asked = await vault.post<{ job_id: string }>(`/datasets/${into}/leakage`, body);
      if (asked.status !== 202) throw new Error(asked.text);
      const id = asked.body.job_id;
      return { id, job: (await vault.until<Job>(`/jobs/${id}`, (each) => /^(comp|fail)/.test(each.body.status))).body };
    };

    it('between splits is the same content, nearly the same, and a shared key', async () => {
      const { id, job } = await search({ key: 'metadata.user' });
      expect(job.result).toMatchObject({
        leaks: [{ split: 'test', other_split: 'train', exact: 1, near: 1, key: 1 }],
        listed: 3,
        without_key: 0,
      });
      const path = `/datasets/${dataset}/leakage/${id}`;
      const first = await vault.get<Leaks>(`${path}?limit=2`);
      const rest = await vault.get<Leaks>(`${path}?limit=2&cursor=${first.body.next_cursor}`);
      const all = [...first.body.items, ...rest.body.items];
      expect(all.map((leak) => [ids.indexOf(leak.record_id), ids.indexOf(leak.other_id), leak.kind])).toEqual([
        [3, 0, 'exact'],
        [4, 1, 'near'],
        [4, 2, 'key'],
      ]);
      expect(first.text + rest.text).not.toContain('word');
      expect((await search({ threshold: null })).job.result).toMatchObject({ leaks: [{ exact: 1, near: 0, key: 0 }] });
      expect((await vault.get(path)).status).toBe(404);
    });

    it('against a guarded dataset needs the right to read that one', async () => {
      const guarded = await vault.newDataset();
      await vault.importLines(guarded, `${JSON.stringify({ text: words(2000, 2100) })}\n`);
      const { id, job } = await search({ against: { dataset_id: guarded } });
      expect(job.result).toMatchObject({ leaks: [{ split: 'train', other_split: null, exact: 1, near: 0 }] });
      const { body } = await vault.get<Leaks>(`/datasets/${dataset}/leakage/${id}`);
      expect(body.items).toMatchObject([{ record_id: ids[2], split: 'train', kind: 'exact' }]);
      const narrow = { name: 'reads one', scopes: ['record:read'], dataset_ids: [dataset] };
      const { body: key } = await vault.post<{ key: string }>('/api-keys', narrow);
      const ask = (method: string, path: string, sent?: object): Promise<{ status: number }> =>
        vault.ask(method, path, { body: sent, token: key.key });
      expect((await ask('POST', `/datasets/${dataset}/leakage`, {})).status).toBe(202);
      expect((await ask('POST', `/datasets/${dataset}/leakage`, { against: { dataset_id: guarded } })).status).toBe(
        403,
      );
      expect((await ask('GET', `/datasets/${dataset}/leakage/${id}`)).status).toBe(403);
    });
  });
});

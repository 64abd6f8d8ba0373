import { startVault, type Vault } from '../support/vault.ts';

interface Job {
  status: string;
  failure: string | null;
  result: Record<string, unknown>;
}
interface Found {
  items: { record_id: string; kept_id: string; exact: boolean; similarity: number }[];
  next_cursor: string | null;
}

const words = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, i) => `word${from + i}`).join(' ');
const RECORDS = [
  { text: words(0, 100), n: 1 },
  { n: 1, text: words(0, 100) },
  { text: `${words(0, 100)} and more`, n: 2 },
  { text: words(1000, 1100) },
  { text: words(50, 150) },
  { text: words(1000, 1100).toUpperCase() },
  { n: 5 },
];

describe('duplicates', () => {
  let vault: Vault;
  let dataset: string;
  let texts: Map<string, number>;
  beforeAll(async () => {
    vault = await startVault();
    dataset = await vault.newDataset();
    await vault.ask('POST', `/datasets/${dataset}/imports`, {
      raw: RECORDS.map((record) => `${JSON.stringify(record)}\n`).join(''),
      headers: { 'content-type': 'application/x-ndjson' },
    });
    const { body } = await vault.get<{ items: { id: string }[] }>(`/datasets/${dataset}/records`);
    texts = new Map(body.items.map(({ id }, i) => [id, i]));
  });
  afterAll(() => vault.remove());

  const done = async (path: string, body: object): Promise<{ id: string; job: Job }> => {
    const asked = await vault.post<{ job_id: string }>(path, body);
    if (asked.status !== 202) throw new Error(asked.text);
    const id = asked.body.job_id;
    const job = await vault.until<Job>(`/jobs/${id}`, (each) => /^(comp|fail)/.test(each.body.status));
    return { id, job: job.body };
  };
  const search = (body: object): Promise<{ id: string; job: Job }> => done(`/datasets/${dataset}/duplicates`, body);
  const found = async (id: string, query = ''): Promise<Found> =>
    (await vault.get<Found>(`/datasets/${dataset}/duplicates/${id}${query}`)).body;
  const pairs = ({ items }: Found): unknown[] =>
    items.map(({ record_id: record, kept_id: kept, exact, similarity }) => [
      texts.get(record),
      texts.get(kept),
      exact,
      similarity,
    ]);

  it('are found whatever the order of members, case and spaces, page by page', async () => {
    const { id, job } = await search({});
    expect(job).toMatchObject({
      status: 'completed',
      result: { records: 7, without: 0, clusters: 2, exact: 1, near: 2 },
    });
    const all = await found(id);
    expect(pairs(all)).toEqual([
      [1, 0, true, 1],
      [2, 0, false, 0.9796],
      [5, 3, false, 1],
    ]);
    const first = await found(id, '?limit=2');
    const second = await found(id, `?limit=2&cursor=${first.next_cursor}`);
    expect([...first.items, ...second.items]).toEqual(all.items);
  });

  it('are looked for where a pointer says, and the longest stays; a later search takes the place of an earlier', async () => {
    const earlier = await search({ threshold: null, pointer: '/n' });
    expect(earlier.job.result).toMatchObject({ without: 3, clusters: 1, exact: 1, near: 0 });
    const { id } = await search({ pointer: '/text', keep: 'longest', threshold: 0.9 });
    expect(pairs(await found(id))).toEqual([
      [0, 2, false, 0.9796],
      [1, 2, false, 0.9796],
      [5, 3, false, 1],
    ]);
    const gone = await vault.get<{ code: string }>(`/datasets/${dataset}/duplicates/${earlier.id}`);
    expect([gone.status, gone.body.code]).toEqual([404, 'DUPLICATES_NOT_FOUND']);
    expect((await vault.post(`/datasets/${dataset}/duplicates`, { threshold: 0.5 })).status).toBe(422);
  });

  it('go in one commit, but for those that changed since, or whose other one did', async () => {
    const { id } = await search({});
    const [changed] = [...texts.keys()].slice(3);
    await vault.ask('PUT', `/datasets/${dataset}/records/${changed}`, { body: { content: { text: 'another' } } });
    const { job } = await done(`/datasets/${dataset}/duplicates/${id}/apply`, {});
    expect(job).toMatchObject({ status: 'completed', result: { removed: 2, skipped: 1 } });
    const { body } = await vault.get<{ items: { id: string }[] }>(`/datasets/${dataset}/records`);
    expect(body.items.map((record) => texts.get(record.id))).toEqual([0, 3, 4, 5, 6]);
    const log = await vault.get<{ items: { id: string; changes: unknown }[] }>(`/datasets/${dataset}/commits`);
    expect(log.body.items[0]).toMatchObject({ id: job.result['commit_id'], message: 'Remove duplicates' });
    const again = await done(`/datasets/${dataset}/duplicates/${id}/apply`, {});
    expect(again.job.result).toEqual({ commit_id: null, removed: 0, skipped: 3 });
  });
});

// What may come into a dataset, over HTTP: kinds of records and schemas, on every way in.
import { startVault, type Answer, type Vault } from '../support/vault.ts';

interface Problem {
  code: string;
  errors: { pointer: string; detail: string }[];
}
const FITS = '{"text":"one","lang":"en"}\n';
const schema = { type: 'object', required: ['text'], properties: { lang: { pattern: '^[a-z]{2}$' } } };

describe('what may come into a dataset', () => {
  let vault: Vault;
  let id: string;
  let dataset: string;
  beforeAll(async () => {
    vault = await startVault();
  });
  afterAll(() => vault.remove());
  beforeEach(async () => {
    id = await vault.newDataset();
    dataset = `/datasets/${id}`;
  });

  const create = (content: unknown, branch = 'main'): Promise<Answer<Problem & { id: string }>> =>
    vault.post(`${dataset}/records?branch=${branch}`, { content });
  const put = (body: object): Promise<Answer<Problem>> => vault.ask<Problem>('PUT', `${dataset}/schema`, { body });
  const pointers = ({ body }: Answer<Problem>): string[] => body.errors.map(({ pointer }) => pointer);

  describe('by its schema', () => {
    it('is checked with every write, one by one and in a batch', async () => {
      expect((await vault.get(`${dataset}/schema`)).body).toMatchObject({
        version: 0,
        record_kind: 'free',
        schema: null,
      });
      expect((await put({ schema })).body).toMatchObject({ version: 1, schema });
      const made = await create({ text: 'one' });
      expect(made.status).toBe(201);
      const refused = await create({ text: 'one', lang: 'secret' });
      expect([refused.status, refused.body.code]).toEqual([422, 'SCHEMA_MISMATCH']);
      expect(pointers(refused)).toEqual(['/content/lang']);
      expect(refused.text).not.toContain('secret');
      const patched = await vault.ask<Problem>('PATCH', `${dataset}/records/${made.body.id}`, {
        body: { content: { text: null } },
      });
      expect([patched.body.code, pointers(patched)]).toEqual(['SCHEMA_MISMATCH', ['/content/text']]);
      const batch = await vault.post<{ items: { status: number; code: string | null }[] }>(`${dataset}/records/batch`, {
        items: [
          { op: 'create', content: { text: 'two' } },
          { op: 'create', content: [] },
        ],
      });
      expect(batch.body.items.map(({ status, code }) => [status, code])).toEqual([
        [201, null],
        [422, 'SCHEMA_MISMATCH'],
      ]);
    });

    it('is checked with imports: what is wrong is listed with its row and place, and strict refuses all', async () => {
      await put({ schema });
      const file = `${FITS}{"lang":"secret"}\n{"text":"three","lang":"English"}\n`;
      const strict = await vault.importLines<Problem>(id, file, '?strict=true');
      expect([strict.status, strict.body.code]).toEqual([422, 'IMPORT_REJECTED']);
      const loose = await vault.importLines<{ id: string; records: number; rejected: number }>(id, file);
      expect(loose.body).toMatchObject({ records: 1, rejected: 2, status: 'completed_with_errors' });
      const { text } = await vault.get(`/imports/${loose.body.id}/errors`);
      const told = text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as object);
      expect(told).toEqual([
        { line: 2, path: '/text', reason: 'breaks "required" of the schema' },
        { line: 3, path: '/lang', reason: 'breaks "pattern" of the schema' },
      ]);
      expect(text).not.toContain('secret');
    });

    it('becomes another one when everything on the default branch fits it, or by force', async () => {
      await vault.importLines(id, `${FITS}{"text":2}\n`);
      const refused = await put({ schema: { properties: { text: { type: 'string' } } } });
      expect([refused.status, refused.body.code]).toEqual([409, 'SCHEMA_INCOMPATIBLE']);
      expect(pointers(refused)).toEqual([expect.stringMatching(/^\/rec_\w+\/content\/text$/)]);
      expect((await put({ schema: { type: 'object' } })).body).toMatchObject({ version: 1 });
      const engineer = await vault.post<{ key: string }>('/api-keys', {
        name: 'schemas',
        scopes: ['dataset:schema', 'dataset:read'],
      });
      const forced = { schema: { type: 'string' }, force: true };
      const token = engineer.body.key;
      expect((await vault.ask('PUT', `${dataset}/schema`, { body: forced, token })).status).toBe(403);
      expect((await put(forced)).body).toMatchObject({ version: 2 });
      expect((await create({ text: 'one' })).status).toBe(422);
      expect((await vault.get(`${dataset}/schema?version=1`)).body).toMatchObject({ schema: { type: 'object' } });
    });

    it('is a schema, names nobody, and runs in no time', async () => {
      for (const wrong of [{ type: 'thing' }, { pattern: '(a+)\\1' }, { enum: ['jane.doe@example.org'] }]) {
        const refused = await put({ schema: wrong });
        expect([refused.status, refused.body.code]).toEqual([422, 'SCHEMA_INVALID']);
        expect(refused.text).not.toContain('jane');
      }
    });

    it('holds for a merge, also for what is older than it', async () => {
      await vault.post(`${dataset}/branches`, { name: 'side' });
      await create({ n: 'secret' }, 'side');
      await put({ schema });
      const refused = await vault.post<Problem>(`${dataset}/merge`, { from: 'side' });
      expect([refused.status, refused.body.code]).toEqual([422, 'SCHEMA_MISMATCH']);
      expect(pointers(refused)).toEqual([expect.stringMatching(/^\/rec_\w+\/content\/text$/)]);
      expect((await vault.get(`${dataset}/records`)).body).toMatchObject({ items: [] });
    });

    it('is begun with by the kind of its records', async () => {
      const made = await vault.post<{ id: string }>('/datasets', { name: `chats of ${id}`, record_kind: 'chat' });
      expect(made.body).toMatchObject({ record_kind: 'chat', schema_version: 1 });
      dataset = `/datasets/${made.body.id}`;
      expect((await create({ messages: [{ role: 'user', content: 'Hello' }] })).status).toBe(201);
      expect(pointers(await create({ messages: [{ role: 'robot', content: 'Hello' }] }))).toEqual([
        '/content/messages/0/role',
      ]);
    });
  });

  describe('by its gates', () => {
    const SSN = '{"text":"my number is 536-90-4399"}\n';
    const set = (...gates: object[]) => vault.ask<Problem>('PUT', `${dataset}/settings`, { body: { gates } });
    const block = { pii: [{ min_risk: 'high', action: 'block' }] };
    const failed = (answer: Answer<Problem>): void => {
      expect([answer.status, answer.body.code]).toEqual([422, 'GATE_FAILED']);
      expect(answer.text).not.toContain('4399');
      expect(answer.body.errors[0]).toEqual({
        pointer: expect.stringMatching(/^\/rec_\w+\/content\/text$/) as string,
        detail: expect.stringMatching(/^Gate pii: US_SSN, (high|critical)$/) as string,
      });
    };
    const records = async (): Promise<number> =>
      (await vault.get<{ items: unknown[] }>(`${dataset}/records`)).body.items.length;

    it('lets no commit in that brings what they block, on any way', async () => {
      expect((await set(block)).status).toBe(200);
      failed(await create(JSON.parse(SSN)));
      const fine = { op: 'create', content: { text: 'fine' } };
      failed(
        await vault.post(`${dataset}/records/batch`, {
          items: [fine, { ...fine, content: JSON.parse(SSN) as object }],
        }),
      );
      failed(await vault.importLines<Problem>(id, `${FITS}${SSN}`));
      expect(await records()).toBe(0);
      const together = await Promise.all([create({ text: 'one' }), create(JSON.parse(SSN)), create({ text: 'two' })]);
      expect(together.map(({ status }) => status)).toEqual([201, 422, 201]);
    });

    it('are before the branches they name, and a merge meets them', async () => {
      await set({ branches: ['mai*'], ...block });
      await vault.post(`${dataset}/branches`, { name: 'side' });
      expect((await create(JSON.parse(SSN), 'side')).status).toBe(201);
      failed(await vault.post(`${dataset}/merge`, { from: 'side' }));
      for (const [path, body] of [
        ['branches/main/reset', { to: 'side' }],
        ['branches', { name: 'maintenance', from: 'side' }],
      ] as const) {
        expect((await vault.post<Problem>(`${dataset}/${path}`, body)).body.code).toBe('GATE_FAILED');
      }
      expect(await records()).toBe(0);
      const { body } = await vault.get<{ items: { id: string }[] }>(`${dataset}/findings?ref=side`);
      for (const finding of body.items) {
        await vault.ask('POST', `/pii/findings/${finding.id}/decision`, {
          body: { decision: 'accept', reason: 'invented' },
        });
      }
      expect((await vault.post(`${dataset}/merge`, { from: 'side' })).status).toBe(200);
    });

    it('allow with a reason until a time, and tell what they let pass', async () => {
      const allow = {
        types: ['US_SSN'],
        action: 'allow',
        reason: 'all are invented',
        expires_at: '2099-01-01T00:00:00Z',
      };
      expect((await set({ pii: [{ ...allow, reason: null }] })).status).toBe(422);
      await set({ pii: [allow, ...block.pii] });
      const { body } = await vault.importLines<{ commit_id: string }>(id, SSN);
      const told = await vault.get(`${dataset}/commits/${body.commit_id}/gates`);
      expect(told.body['gates']).toEqual([
        { gate: 'pii', verdict: 'passed', allowed: [{ type: 'US_SSN', findings: 1, reason: 'all are invented' }] },
      ]);
      await set({ pii: [{ ...allow, expires_at: '2020-01-01T00:00:00Z' }, ...block.pii] });
      failed(await vault.importLines<Problem>(id, SSN));
    });

    it('ask for what is to be said of each record', async () => {
      await set({ fields: ['license', 'metadata.consent'], licenses: ['CC-BY-4.0'] });
      const say = (said: object) => vault.post<Problem>(`${dataset}/records`, { content: 'x', ...said });
      const poor = await say({ license: 'mine' });
      expect(poor.body.code).toBe('GATE_FAILED');
      expect(pointers(poor).map((pointer) => pointer.replace(/^\/rec_\w+/, ''))).toEqual([
        '/metadata/consent',
        '/license',
      ]);
      expect((await say({ license: 'CC-BY-4.0', metadata: { consent: true } })).status).toBe(201);
      expect((await vault.importLines<Problem>(id, FITS)).body.code).toBe('GATE_FAILED');
    });
  });

  describe('by its gate for balance', () => {
    const set = (balance: object | null) =>
      vault.ask<Problem>('PUT', `${dataset}/settings`, { body: { gates: [{ branches: ['main'], balance }] } });
    const add = (split: string | null, branch = 'main') =>
      vault.post<Problem & { id: string }>(`${dataset}/records?branch=${branch}`, { content: 'x', split });
    const details = ({ status, body }: Answer<Problem>): unknown[] => [
      status,
      body.errors.map(({ pointer, detail }) => `${pointer} ${detail}`),
    ];

    it('is as large as it may be, and each split as large a part, on any way', async () => {
      expect((await set({ min_records: 3, max_records: 2 })).status).toBe(422);
      expect((await add('train')).status).toBe(201);
      const splits = [{ name: 'test', max_share: 0.5 }];
      expect((await set({ max_records: 3, splits })).body).toMatchObject({
        gates: [{ balance: { min_records: null, max_records: 3, splits: [{ ...splits[0], min_share: null }] } }],
      });
      const two = await Promise.all([add('test'), add('test')]);
      expect(two.map(({ status }) => status).sort((a, b) => a - b)).toEqual([201, 422]);
      const tooMany = '/splits/test Gate balance: 2 of 3 records, expected a share of at most 0.5';
      expect(details(await add('test'))).toEqual([422, [tooMany]]);
      const tooLarge = '/records Gate balance: 4 records, expected at most 3';
      expect(details(await vault.importLines<Problem>(id, FITS + FITS))).toEqual([422, [tooLarge]]);
      const batch = (...items: object[]) => vault.post<Problem>(`${dataset}/records/batch`, { items });
      const item = { op: 'create', content: 'y' };
      expect(details(await batch(item, item))).toEqual([422, [tooLarge]]);
      const { body } = await vault.get<{ items: { id: string; split: string }[] }>(`${dataset}/records`);
      const train = body.items.find(({ split }) => split === 'train')!.id;
      expect((await vault.ask('DELETE', `${dataset}/records/${train}`)).status).toBe(422);
      const swapped = await batch({ op: 'delete', id: train }, { op: 'create', content: 'y', split: 'train' });
      expect(swapped.status).toBe(200);
      const bySplit = async () =>
        (await vault.get<{ records_by_split: object }>(`${dataset}/stats`)).body.records_by_split;
      expect(await bySplit()).toEqual({ test: 1, train: 1 });
      const lines = '{"part":"test"}\n'.repeat(2);
      expect(details(await vault.importLines<Problem>(id, lines, '?split_from=/part'))).toEqual([
        422,
        [tooLarge, '/splits/test Gate balance: 3 of 4 records, expected a share of at most 0.5'],
      ]);
      expect((await vault.importLines(id, '{"part":"train"}\n', '?split_from=/part')).status).toBe(201);
      expect(await bySplit()).toEqual({ test: 1, train: 2 });
      await set(null);
      expect((await vault.importLines(id, '{"part":"__proto__"}\n', '?split_from=/part')).status).toBe(201);
      expect(JSON.stringify(await bySplit())).toBe('{"test":1,"train":2,"__proto__":1}');
    });

    it('meets merges and assignments, and says so before', async () => {
      await vault.post(`${dataset}/branches`, { name: 'side' });
      for (const split of ['train', 'test']) await add(split, 'side');
      await set({ splits: [{ name: 'test', max_share: 0.4 }] });
      const tooMany = '/splits/test Gate balance: 1 of 2 records, expected a share of at most 0.4';
      const dry = await vault.post(`${dataset}/merge`, { from: 'side', dry_run: true });
      expect(dry.text).toContain('Gate balance: 1 of 2 records');
      expect(details(await vault.post<Problem>(`${dataset}/merge`, { from: 'side' }))).toEqual([422, [tooMany]]);
      await set({ splits: [{ name: 'test', max_share: 0.5 }] });
      const merged = await vault.post<{ commit_id: string }>(`${dataset}/merge`, { from: 'side' });
      const told = await vault.get(`${dataset}/commits/${merged.body.commit_id}/gates`);
      expect(told.body['gates']).toEqual([{ gate: 'balance', verdict: 'passed' }]);
      const { body } = await vault.post<{ job_id: string }>(`${dataset}/splits`, {
        splits: [{ name: 'test', ratio: 1 }],
      });
      const done = await vault.until<{ status: string; error: object }>(`/jobs/${body.job_id}`, (answer) =>
        ['failed', 'completed'].includes(answer.body.status),
      );
      expect([done.body.status, done.text]).toEqual(['failed', expect.stringContaining('GATE_FAILED')]);
    });
  });

  describe('by its gate for leakage', () => {
    const ONE = { text: 'said once', n: 1 };
    const say = (content: object, split: string | null, branch = 'main') =>
      vault.post<Problem & { id: string }>(`${dataset}/records?branch=${branch}`, { content, ...(split && { split }) });
    const change = (record: string, body: object) =>
      vault.ask<Problem>('PATCH', `${dataset}/records/${record}`, { body });
    const leaks = (answer: Answer<Problem>, other = 'rec_\\w+', from = 'test', to = 'train'): void => {
      expect([answer.status, answer.body.code]).toEqual([422, 'GATE_FAILED']);
      expect(answer.text).not.toContain('said');
      expect(answer.body.errors[0]).toEqual({
        pointer: expect.stringMatching(/^\/rec_\w+\/content$/) as string,
        detail: expect.stringMatching(
          `^Gate leakage: in the split ${from}, and ${other} of ${to} has the same content$`,
        ) as string,
      });
    };
    let old: string;
    beforeEach(async () => {
      old = (await say(ONE, 'train')).body.id;
      await vault.post(`${dataset}/branches`, { name: 'side' });
      const gates = [{ branches: ['main'], leakage: 'exact' }];
      expect((await vault.ask('PUT', `${dataset}/settings`, { body: { gates } })).status).toBe(200);
      await vault.until<{ content_hashes: { status: string } }>(
        `${dataset}/settings`,
        ({ body }) => body.content_hashes.status === 'complete',
      );
    });

    it('has no content in two splits, on any way', async () => {
      leaks(await say({ n: 1, text: 'said once' }, 'test'), old);
      const again = await say(ONE, 'train');
      expect(again.status).toBe(201);
      const unassigned = await say(ONE, null);
      expect(unassigned.status).toBe(201);
      leaks(await change(unassigned.body.id, { split: 'test' }), old);
      const other = await say({ text: 'other' }, 'test');
      leaks(await change(other.body.id, { content: ONE }), old);
      const item = (content: object, split: string) => ({ op: 'create', content, split });
      leaks(await vault.post(`${dataset}/records/batch`, { items: [item({ n: 2 }, 'train'), item(ONE, 'test')] }), old);
      leaks(await vault.post(`${dataset}/records/batch`, { items: [item({ n: 2 }, 'train'), item({ n: 2 }, 'test')] }));
      const line = (part: string) => `{"text":"said twice","part":"${part}"}\n`;
      const bring = (lines: string) => vault.importLines<Problem>(id, lines, '?split_from=/part');
      expect((await bring(line('train'))).status).toBe(201);
      const twice = '{"text":"said twice","part":"train"}';
      leaks(await say(JSON.parse(twice) as object, 'test'));
      const both = await Promise.all([say({ n: 3 }, 'train'), say({ n: 3 }, 'test')]);
      expect(both.map(({ status }) => status).sort((a, b) => a - b)).toEqual([201, 422]);
    });

    it('lets what goes together move together, and tells that it looked', async () => {
      const again = await say(ONE, 'train');
      leaks(await change(old, { split: 'test' }), again.body.id);
      const moved = await vault.post<{ commit_id: string }>(`${dataset}/records/batch`, {
        items: [old, again.body.id].map((each) => ({ op: 'patch', id: each, split: 'test' })),
      });
      expect(moved.status).toBe(200);
      const told = await vault.get(`${dataset}/commits/${moved.body.commit_id}/gates`);
      expect(told.body['gates']).toEqual([{ gate: 'leakage', verdict: 'passed' }]);
      leaks(await say(ONE, 'train'), '(' + old + '|' + again.body.id + ')', 'train', 'test');
    });

    it('meets merges and assignments, and says so before', async () => {
      expect((await say(ONE, 'test', 'side')).status).toBe(201);
      const dry = await vault.post(`${dataset}/merge`, { from: 'side', dry_run: true });
      expect(dry.text).toContain(`Gate leakage: in the split test, and ${old} of train`);
      leaks(await vault.post<Problem>(`${dataset}/merge`, { from: 'side' }), old);
      for (let n = 0; n < 12; n += 1) expect((await say(ONE, null)).status).toBe(201);
      const splits = ['train', 'test'].map((name) => ({ name, ratio: 0.5 }));
      const assign = async (key: string) => {
        const { body } = await vault.post<{ job_id: string }>(`${dataset}/splits`, { splits, key });
        return vault.until<{ status: string }>(`/jobs/${body.job_id}`, (answer) =>
          ['failed', 'completed'].includes(answer.body.status),
        );
      };
      const parted = await assign('record_id');
      expect([parted.body.status, parted.text]).toEqual(['failed', expect.stringContaining('GATE_FAILED')]);
      expect((await assign('/text')).body.status).toBe('completed');
    });
  });

  describe('by its gate for duplicates', () => {
    const ONE = { text: 'said once', n: 1 };
    const again = { n: 1, text: 'said once' };
    const known = (status = 'complete') =>
      vault.until<{ content_hashes: { status: string } | null }>(
        `${dataset}/settings`,
        ({ body }) => (body.content_hashes?.status ?? 'none') === status,
      );
    const set = async (...gates: object[]): Promise<void> => {
      expect((await vault.ask('PUT', `${dataset}/settings`, { body: { gates } })).status).toBe(200);
    };
    const lines = (...contents: unknown[]): string => contents.map((each) => `${JSON.stringify(each)}\n`).join('');
    const ids = async (ref = 'main'): Promise<string[]> =>
      (await vault.get<{ items: { id: string }[] }>(`${dataset}/records?ref=${ref}`)).body.items.map((each) => each.id);
    const repeats = (answer: Answer<Problem>, other?: string): void => {
      expect([answer.status, answer.body.code]).toEqual([422, 'GATE_FAILED']);
      expect(answer.text).not.toContain('said');
      expect(answer.body.errors[0]).toEqual({
        pointer: expect.stringMatching(/^\/rec_\w+\/content$/) as string,
        detail: expect.stringMatching(`^Gate duplicates: the same content as ${other ?? 'rec_\\w+'}$`) as string,
      });
    };
    let old: string;
    beforeEach(async () => {
      await vault.importLines(id, lines(ONE, { text: 'twice' }, { text: 'twice' }));
      await vault.post(`${dataset}/branches`, { name: 'side' });
      await set({ branches: ['main'], duplicates: 'exact' });
      await known();
      old = (await ids())[0]!;
    });

    it('lets nothing in that the branch has, or that comes twice at once, on any way', async () => {
      repeats(await create(again), old);
      const item = { op: 'create', content: again };
      repeats(
        await vault.post(`${dataset}/records/batch`, { items: [{ ...item, content: { text: 'new' } }, item] }),
        old,
      );
      repeats(await vault.importLines<Problem>(id, lines({ text: 'new' }, again)), old);
      repeats(await vault.importLines<Problem>(id, lines({ text: 'new' }, { text: 'new' })));
      const many = Array.from({ length: 5001 }, (_, n) => ({ text: 'many', n }));
      repeats(await vault.importLines<Problem>(id, lines(...many, many[0])));
      const two = await Promise.all([create({ text: 'at once' }), create({ text: 'at once' })]);
      expect(two.map(({ status }) => status).sort((a, b) => a - b)).toEqual([201, 422]);
      const { body } = await vault.importLines<{ commit_id: string }>(id, lines({ text: 'new' }));
      const told = await vault.get(`${dataset}/commits/${body.commit_id}/gates`);
      expect(told.body['gates']).toEqual([{ gate: 'duplicates', verdict: 'passed' }]);
      expect(await ids()).toHaveLength(5);
    });

    it('looks at what comes, and not at what a record said before', async () => {
      const [, twice, other] = await ids();
      const change = (record: string, body: object) =>
        vault.ask<Problem>('PATCH', `${dataset}/records/${record}`, { body });
      expect((await change(twice!, { labels: ['seen'] })).status).toBe(200);
      repeats(await change(other!, { content: { text: 'said once', n: 1 } }), old);
      expect((await vault.ask('DELETE', `${dataset}/records/${old}`)).status).toBe(204);
      expect((await change(other!, { content: { text: 'said once', n: 1 } })).status).toBe(200);
      const swapped = await vault.post<{ items: { status: number }[] }>(`${dataset}/records/batch`, {
        items: [
          { op: 'replace', id: twice, content: again },
          { op: 'replace', id: other, content: { text: 'twice' } },
        ],
      });
      expect([swapped.status, swapped.body.items?.map(({ status }) => status)]).toEqual([200, [200, 200]]);
    });

    it('meets merges and what is taken back, and says so before', async () => {
      expect((await create(again, 'side')).status).toBe(201);
      const dry = await vault.post<{ gates: Problem['errors'] }>(`${dataset}/merge`, { from: 'side', dry_run: true });
      expect(JSON.stringify(dry.body)).toContain(`Gate duplicates: the same content as ${old}`);
      repeats(await vault.post<Problem>(`${dataset}/merge`, { from: 'side' }), old);
      await vault.ask('DELETE', `${dataset}/records/${old}`);
      const { body } = await vault.get<{ items: { id: string }[] }>(`${dataset}/commits?limit=1`);
      expect((await vault.post(`${dataset}/merge`, { from: 'side' })).status).toBe(200);
      repeats(await vault.post<Problem>(`${dataset}/revert`, { commit: body.items[0]!.id }));
    });

    it('forgets what it knew when nobody asks any more', async () => {
      await set();
      await known('none');
      expect((await create(again)).status).toBe(201);
      await set({ duplicates: 'exact' });
      await known();
      repeats(await create(again));
    });
  });

  describe('by its gate for near duplicates', () => {
    const words = (from: number, more = ''): { text: string; n: number } => ({
      text: `${Array.from({ length: 60 }, (_, i) => `said${from + i}`).join(' ')} ${more}`,
      n: 1,
    });
    const gate = (near: object) => ({ branches: ['main'], near_duplicates: { threshold: 0.8, ...near } });
    const set = (...gates: object[]) => vault.ask<Problem>('PUT', `${dataset}/settings`, { body: { gates } });
    const known = (status = 'complete') =>
      vault.until<{ content_sketches: { status: string } | null }>(
        `${dataset}/settings`,
        ({ body }) => (body.content_sketches?.status ?? 'none') === status,
      );
    const lines = (...contents: unknown[]): string => contents.map((each) => `${JSON.stringify(each)}\n`).join('');
    const near = (answer: Answer<Problem>, other = 'rec_\\w+'): void => {
      expect([answer.status, answer.body.code]).toEqual([422, 'GATE_FAILED']);
      expect(answer.text).not.toContain('said');
      expect(answer.body.errors[0]).toEqual({
        pointer: expect.stringMatching(/^\/rec_\w+\/content$/) as string,
        detail: expect.stringMatching(`^Gate near_duplicates: nearly the same content as ${other}$`) as string,
      });
    };
    let old: string;
    beforeEach(async () => {
      old = (await create(words(0))).body.id;
      await vault.post(`${dataset}/branches`, { name: 'side' });
      expect((await set(gate({}))).status).toBe(200);
      await known();
    });

    it('lets nothing in that is nearly what the branch has, or comes nearly twice at once, on any way', async () => {
      near(await create(words(0, 'more')), old);
      near(await create({ other: 'member', text: words(0).text.toUpperCase() }), old);
      const item = (content: object) => ({ op: 'create', content });
      const batch = (...contents: object[]) =>
        vault.post<Problem>(`${dataset}/records/batch`, { items: contents.map(item) });
      near(await batch(words(1000), words(0, 'more')), old);
      near(await batch(words(1000), words(1000, 'more')));
      near(await vault.importLines<Problem>(id, lines(words(1000), words(0, 'more'))), old);
      near(await vault.importLines<Problem>(id, lines(words(1000), words(1000, 'more'))));
      const many = Array.from({ length: 1001 }, (_, n) => words(1000 * n + 2000));
      near(await vault.importLines<Problem>(id, lines(...many, words(2000, 'more'))));
      const two = await Promise.all([create(words(1000)), create(words(1000, 'more'))]);
      expect(two.map(({ status }) => status).sort((a, b) => a - b)).toEqual([201, 422]);
      const { body } = await vault.importLines<{ commit_id: string }>(id, lines(words(3000), { n: 1 }, { n: 1 }));
      const told = await vault.get(`${dataset}/commits/${body.commit_id}/gates`);
      expect(told.body['gates']).toEqual([{ gate: 'near_duplicates', verdict: 'passed' }]);
    });

    it('looks at what comes, and meets merges, and says so before', async () => {
      const change = (record: string, body: object) =>
        vault.ask<Problem>('PATCH', `${dataset}/records/${record}`, { body });
      expect((await change(old, { labels: ['seen'] })).status).toBe(200);
      expect((await change(old, { content: { text: words(0, 'more').text } })).status).toBe(200);
      const silent = await create({ n: 1 });
      near(await change(silent.body.id, { content: words(0) }), old);
      expect((await create(words(0, 'less'), 'side')).status).toBe(201);
      const dry = await vault.post(`${dataset}/merge`, { from: 'side', dry_run: true });
      expect(dry.text).toContain(`Gate near_duplicates: nearly the same content as ${old}`);
      near(await vault.post<Problem>(`${dataset}/merge`, { from: 'side' }), old);
      expect((await vault.ask('DELETE', `${dataset}/records/${old}`)).status).toBe(204);
      expect((await create(words(0))).status).toBe(201);
    });

    it('looks at what a pointer names, the same for all gates, and forgets what it knew', async () => {
      const [text, title] = [gate({ pointer: '/text' }), gate({ pointer: '/title' })];
      expect((await set(text, title)).status).toBe(422);
      expect((await set(gate({ pointer: '/title' }))).body).toMatchObject({
        gates: [{ near_duplicates: { threshold: 0.8, pointer: '/title', shingles: 'words' } }],
      });
      await known();
      const titled = { ...words(0), title: words(9000).text };
      expect((await create(titled)).status).toBe(201);
      near(await create({ ...words(5000), title: words(9000, 'more').text }));
      expect((await set()).status).toBe(200);
      await known('none');
      expect((await create(titled)).status).toBe(201);
    });
  });

  describe('by its gates, as a dry run foretells', () => {
    it('names the rows that they would refuse, of the file and beside the branch, and keeps nothing', async () => {
      const many = Array.from({ length: 40 }, (_, n) => `said${n}`).join(' ');
      await vault.importLines(id, `{"text":"${many}","part":"train"}\n`, '?split_from=/part');
      const [old] = (await vault.get<{ items: { id: string }[] }>(`${dataset}/records`)).body.items;
      const gate = {
        pii: [{ types: ['US_SSN'], action: 'block' }],
        fields: ['split'],
        duplicates: 'exact',
        near_duplicates: { threshold: 0.8, pointer: '/text' },
        leakage: 'exact',
        balance: { max_records: 5 },
      };
      await vault.ask('PUT', `${dataset}/settings`, { body: { gates: [gate] } });
      await vault.until<{ content_hashes: object; content_sketches: object }>(`${dataset}/settings`, ({ body }) =>
        [body.content_hashes, body.content_sketches].every((each) => JSON.stringify(each).includes('complete')),
      );
      const lines = [
        `{"part":"train","text":"${many}"}`,
        '{"text":"new","part":"train"}',
        '{"part":"train","text":"new"}',
        `{"text":"${many} and more","part":"test"}`,
        '{"text":"my number is 536-90-4399","part":"test"}',
        '{"text":"no part"}',
      ];
      const dry = await vault.importLines<{ status: string; records: number; gates: Problem['errors'] }>(
        id,
        lines.map((line) => `${line}\n`).join(''),
        '?split_from=/part&dry_run=true',
      );
      expect(dry.text).not.toContain('said1');
      expect(dry.body).toMatchObject({ status: 'would_fail', records: 6 });
      expect(dry.body.gates.map(({ pointer, detail }) => `${pointer}: ${detail}`)).toEqual([
        `line 1, /content: Gate duplicates: the same content as ${old!.id}`,
        `line 1, /content: Gate near_duplicates: nearly the same content as ${old!.id}`,
        'line 3, /content: Gate duplicates: the same content as line 2',
        'line 3, /content: Gate near_duplicates: nearly the same content as line 2',
        expect.stringMatching(
          `^line 4, /content: Gate near_duplicates: nearly the same content as (line 1|${old!.id})$`,
        ),
        expect.stringMatching('^line 5, /content/text: Gate pii: US_SSN, (high|critical)$'),
        'line 6, /split: Gate fields: missing',
        '/records: Gate balance: 7 records, expected at most 5',
      ]);
      await vault.ask('PUT', `${dataset}/settings`, { body: { gates: [{ leakage: 'exact' }] } });
      const fine = await vault.importLines(id, '{"text":"new"}\n'.repeat(2), '?dry_run=true');
      expect(fine.body).toMatchObject({ status: 'would_complete', gates: [] });
    });
  });
});

// Reading through views: what they take out, at any ref and in every format, and who reads through nothing else.
import { createHash, randomBytes } from 'node:crypto';
import { type Answer, type Ask, startVault, type Vault } from '../support/vault.ts';

type Ids = { id: string };
interface Problem {
  code: string;
  detail: string;
  errors: { pointer: string }[];
}
interface Read {
  id: string;
  content: Record<string, unknown>;
}
interface Manifest {
  options: Record<string, unknown>;
  bytes: number;
  sha256: string;
}

const PASSWORD = 'some other phrase of words';
/** Found wherever it is shown. */
const MARKER = 'zanzibar.quill@example.com';
const CHAT = [
  { role: 'user', content: `Write to ${MARKER}`, name: 'quill-name' },
  { role: 'assistant', content: 'It is sent.' },
];
const LINES = [
  `{"messages":${JSON.stringify(CHAT)},"notes":"quill-note","n":12345678901234567890}\n`,
  '{"messages":[{"role":"user","content":"Hello"},{"role":"assistant","content":"Hi."}],"n": 1.0}\n',
].join('');
const SHOWN = [
  '{"messages":[{"role":"user","content":"Write to [EMAIL_ADDRESS]"},{"role":"assistant","content":"It is sent."}],"n":12345678901234567890}\n',
  '{"messages":[{"role":"user","content":"Hello"},{"role":"assistant","content":"Hi."}],"n": 1.0}\n',
].join('');
const VIEW = { policy: 'hipaa', without: ['/notes', '/messages/*/name'] };

describe('views', () => {
  let vault: Vault;
  let dataset: string;
  let first: string;
  beforeAll(async () => {
    vault = await startVault();
    dataset = await vault.newDataset();
    first = (await vault.importLines<{ commit_id: string }>(dataset, LINES)).body.commit_id;
    await vault.post('/views', { name: 'ml-safe', ...VIEW });
    await vault.post('/anonymization-policies', { name: 'nothing', strategy: 'keep' }).then(async ({ body }) => {
      await vault.post('/views', { name: 'as-it-is', policy: body['id'] });
    });
  });
  afterAll(() => vault.remove());

  const named = (): string => `v${randomBytes(6).toString('hex')}`;
  const change = (name: string, body: object, ifMatch?: string): Promise<Answer<Problem & { version: number }>> =>
    vault.ask('PUT', `/views/${name}`, { body, headers: ifMatch ? { 'if-match': ifMatch } : {} });
  const out = (query: string, ask?: Ask): Promise<Answer<Problem>> =>
    vault.get<Problem>(`/datasets/${dataset}/export?${query}`, ask);
  async function user(grant?: object): Promise<string> {
    const email = `${named()}@example.org`;
    const { body } = await vault.post<Ids>('/users', { email, roles: [], password: PASSWORD });
    if (grant) await vault.post(`/datasets/${dataset}/grants`, { user_id: body.id, ...grant });
    return vault.signIn({ email, password: PASSWORD });
  }

  describe('of a tenant', () => {
    it('are made, listed, changed by who has seen the last version, and taken away; all of it audited', async () => {
      const name = named();
      const made = await vault.post<Ids>('/views', { name, description: 'for trainers', policy: 'gdpr' });
      expect([made.status, made.body]).toMatchObject([
        201,
        { name, policy: 'gdpr', strategy: 'redact', strategies: { PERSON: 'hash' }, without: [], version: 1 },
      ]);
      expect((await vault.post<Problem>('/views', { name, policy: 'gdpr' })).body.code).toBe('VIEW_NAME_TAKEN');
      const { body: page } = await vault.get<{ items: { name: string }[] }>('/views?limit=100');
      expect(page.items.map((each) => each.name)).toEqual(expect.arrayContaining(['ml-safe', name]));
      expect((await vault.get(`/views/${name}`)).headers.get('etag')).toBe('"1"');
      expect((await change(name, VIEW, '"7"')).status).toBe(412);
      const changed = await change(name, VIEW, '"1"');
      expect([changed.headers.get('etag'), changed.body]).toMatchObject(['"2"', { ...VIEW, description: '' }]);
      expect((await vault.ask('DELETE', `/views/${name}`, { headers: { 'if-match': '"1"' } })).status).toBe(412);
      expect((await vault.ask('DELETE', `/views/${name}`)).status).toBe(204);
      expect((await vault.get<Problem>(`/views/${name}`)).body.code).toBe('VIEW_NOT_FOUND');
      const { body: events } = await vault.get<{ items: { action: string }[] }>(
        `/audit/events?resource=${made.body.id}`,
      );
      expect(events.items.map(({ action }) => action).sort()).toEqual(['view.change', 'view.create', 'view.delete']);
    });

    it('do what their policy said when they were saved, whatever becomes of it', async () => {
      const { body: policy } = await vault.post<Ids>('/anonymization-policies', { name: named(), strategy: 'mask' });
      const name = named();
      const { body } = await vault.post<{ policy: string }>('/views', { name, policy: policy.id });
      expect(body.policy).toMatch(/^v\w+ \(pol_\w+, version 1\)$/);
      await vault.ask('PUT', `/anonymization-policies/${policy.id}`, { body: { name: named(), strategy: 'keep' } });
      expect((await vault.get(`/views/${name}`)).body).toMatchObject({ strategy: 'mask', version: 1 });
      expect((await change(name, { policy: policy.id })).body).toMatchObject({ strategy: 'keep', version: 2 });
      await vault.ask('DELETE', `/anonymization-policies/${policy.id}`);
      expect((await out(`view=${name}`)).text).toBe(LINES);
    });

    it.each([
      [{ name: 'No Way', policy: 'gdpr' }, 422],
      [{ name: 'x-view' }, 422],
      [{ name: 'x-view', policy: 'never-made' }, 404],
      [{ name: 'x-view', policy: 'pol_01jz0000000000000000000000' }, 404],
      [{ name: 'x-view', policy: 'gdpr', without: ['notes'] }, 422],
      [{ name: 'x-view', policy: 'gdpr', without: [''] }, 422],
      [{ name: 'x-view', policy: 'gdpr', without: ['/a~2'] }, 422],
    ])('are not made by %j', async (body, expected) => {
      expect((await vault.post('/views', body)).status).toBe(expected);
    });
  });

  describe('of records', () => {
    it('show lists and single records without what they take out, at any ref, and say which view it was', async () => {
      await vault.post(`/datasets/${dataset}/records?branch=main`, { content: { mail: MARKER } });
      const list = await vault.get<{ items: Read[] }>(`/datasets/${dataset}/records?view=ml-safe`);
      expect(list.body.items.map(({ content }) => content)).toMatchObject([{}, {}, { mail: '[EMAIL_ADDRESS]' }]);
      expect([list.text.includes('quill'), list.text.includes('12345678901234567890')]).toEqual([false, true]);
      expect(list.headers.get('x-vault-view')).toMatch(/^ml-safe \(vw_\w{26}, version 1\)$/);
      const then = await vault.get<{ items: Read[] }>(`/datasets/${dataset}/records?view=ml-safe&ref=${first}`);
      expect([then.body.items.length, then.text.includes('quill')]).toEqual([2, false]);
      const path = `/datasets/${dataset}/records/${list.body.items[2]!.id}`;
      const one = await vault.get<Read>(`${path}?view=ml-safe`);
      expect([one.body.content, one.headers.get('x-vault-view')]).toEqual([
        { mail: '[EMAIL_ADDRESS]' },
        list.headers.get('x-vault-view'),
      ]);
      const plain = await vault.get<Read>(path);
      expect([plain.body.content, plain.headers.get('x-vault-view')]).toEqual([{ mail: MARKER }, null]);
      expect(one.headers.get('etag')).toBe(plain.headers.get('etag'));
      const { body: events } = await vault.get<{ items: object[] }>(`/audit/events?resource=${one.body.id}`);
      expect(events.items).toContainEqual(
        expect.objectContaining({
          action: 'record.read',
          details: expect.objectContaining({ dataset, view: list.headers.get('x-vault-view') }) as object,
        }),
      );
    });

    it('are refused where there is no such view, or it cannot be applied as it was meant', async () => {
      const at = (view: string): Promise<Answer<Problem>> =>
        vault.get<Problem>(`/datasets/${dataset}/records?view=${view}`);
      expect((await at('never-made')).body.code).toBe('VIEW_NOT_FOUND');
      expect([(await at('')).status, (await at('ml-safe&view=as-it-is')).status]).toEqual([422, 422]);
      const examples = { match: ['quill-note'] };
      const type = { name: 'QUILL', words: ['quill-note'], examples };
      const { body: own } = await vault.post<Ids>('/pii/custom-types', type);
      const strategies = { QUILL: 'remove' };
      const { body: policy } = await vault.post<Ids>('/anonymization-policies', { name: named(), strategies });
      const name = named();
      await vault.post('/views', { name, policy: policy.id });
      expect((await at(name)).text).not.toContain('quill-note');
      await vault.ask('DELETE', `/pii/custom-types/${own.id}`);
      for (const { body, text } of [await at(name), await out(`view=${name}`)]) {
        expect([body.code, text.includes('quill-note')]).toEqual(['VIEW_UNUSABLE', false]);
      }
    });
  });

  describe('of exports', () => {
    it.each([
      ['', SHOWN],
      ['&after=1', SHOWN.slice(SHOWN.indexOf('\n') + 1)],
      ['&format=csv', null],
      ['&format=parquet', null],
      ['&template=openai-chat', null],
      ['&template=text&shuffle_seed=1', null],
      ['&shard=0/2', null],
      ['&shuffle_seed=1&shard=1/2', null],
    ])(
      'with the options %j hold nothing of it, and are the same bytes as their manifest says',
      async (options, text) => {
        const query = `view=ml-safe&ref=${first}${options}`;
        const [one, two] = [await out(query), await out(query)];
        expect([one.status, one.text === two.text, one.text.includes('quill')]).toEqual([200, true, false]);
        if (text !== null) expect(one.text).toBe(text);
        const { body } = await vault.get<Manifest>(`/datasets/${dataset}/export/manifest?${query}`);
        expect(body.options).toMatchObject({
          view: one.headers.get('x-vault-view'),
          view_rules: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
        });
        if (options.includes('parquet')) return;
        const bytes = Buffer.from(one.text);
        expect([body.bytes, body.sha256]).toEqual([bytes.length, createHash('sha256').update(bytes).digest('hex')]);
      },
    );

    it('are what they are without one, and their manifest tells of none', async () => {
      expect((await out(`ref=${first}`)).text).toBe(LINES);
      const { body } = await vault.get<Manifest>(`/datasets/${dataset}/export/manifest?ref=${first}`);
      expect(Object.keys(body.options).filter((name) => name.includes('view'))).toEqual([]);
    });

    it('tell by their manifest when what is found by them changes', async () => {
      const manifest = async (): Promise<Manifest> =>
        (await vault.get<Manifest>(`/datasets/${dataset}/export/manifest?view=ml-safe&ref=${first}`)).body;
      const before = await manifest();
      const allowed = { value: MARKER, reason: 'Nobody has it' };
      const { body: entry } = await vault.post<Ids>('/pii/allowlist', allowed);
      const other = await manifest();
      expect([other.options['view'] === before.options['view'], other.sha256 === before.sha256]).toEqual([true, false]);
      expect(other.options['view_rules']).not.toBe(before.options['view_rules']);
      await vault.ask('DELETE', `/pii/allowlist/${entry.id}`);
      expect(await manifest()).toEqual(before);
    });
  });

  describe('and who reads through nothing else', () => {
    const MASKED = ['record:read-masked', 'dataset:export-masked'];

    it('read through those that their grant names, and is told so when they name none', async () => {
      const token = await user({ permissions: MASKED, conditions: { views: ['ml-safe'] } });
      const reads = ['records?', 'export?', 'export/manifest?'];
      for (const read of reads) {
        const ask = (query: string): Promise<Answer<Problem>> =>
          vault.get<Problem>(`/datasets/${dataset}/${read}${query}`, { token });
        const shown = await ask('view=ml-safe');
        expect([read, shown.status, shown.text.includes('quill')]).toEqual([read, 200, false]);
        for (const query of [
          '',
          'view=as-it-is',
          'view=never-made',
          'view=',
          'view=ml-safe&view=as-it-is',
          'VIEW=ml-safe',
        ]) {
          const { status, text } = await ask(query);
          expect([query, [403, 422].includes(status), text.includes('quill')]).toEqual([query, true, false]);
        }
        expect((await ask('')).body.detail).toContain('reads through views alone');
      }
    });

    it('read through any view where it names none, for the purpose that it names', async () => {
      const token = await user({ permissions: MASKED, conditions: { purposes: ['training'] } });
      const ask = async (headers: Record<string, string>): Promise<number> =>
        (await out('view=ml-safe', { token, headers })).status;
      expect([await ask({}), await ask({ 'x-purpose': 'training' })]).toEqual([403, 200]);
    });

    it('cannot be told otherwise by a permission that is not for views', async () => {
      const terms = { permissions: ['record:read', ...MASKED], conditions: { views: ['ml-safe'] } };
      const refused = await vault.post<Problem>(`/datasets/${dataset}/grants`, { role: 'ci', ...terms });
      expect([refused.status, refused.body]).toMatchObject([
        422,
        { code: 'CONDITION_MISPLACED', errors: [{ pointer: '/conditions/views' }] },
      ]);
      expect((await vault.post<Problem>('/roles', { name: named(), ...terms })).body.code).toBe('CONDITION_MISPLACED');
      const { body: role } = await vault.post<Ids>('/roles', { name: named(), ...terms, permissions: MASKED });
      const widened = await vault.ask<Problem>('PATCH', `/roles/${role.id}`, {
        body: { permissions: ['record:read'] },
      });
      expect(widened.body.code).toBe('CONDITION_MISPLACED');
    });

    it('is a key too, of somebody who may read more', async () => {
      const { body } = await vault.post<{ key: string }>('/api-keys', { name: 'trainer', scopes: MASKED });
      const token = body.key;
      expect([(await out('view=ml-safe', { token })).status, (await out('', { token })).status]).toEqual([200, 403]);
    });

    it('has no way around, with every right but those to plaintext and those to give rights', async () => {
      const { body: all } = await vault.get<{ items: { name: string }[] }>('/permissions');
      const left =
        /^(platform|user|role|api-key|workload|session|account):|:(grant|release|export|delete)$|^record:read$/;
      const permissions = all.items.map(({ name }) => name).filter((name) => !left.test(name));
      expect(permissions).toEqual(
        expect.arrayContaining([...MASKED, 'record:write', 'dataset:anonymize', 'pii:decide']),
      );
      const role = named();
      await vault.post('/roles', { name: role, permissions });
      const email = `${named()}@example.org`;
      await vault.post<Ids>('/users', { email, roles: [role], password: PASSWORD });
      const ask = { token: await vault.signIn({ email, password: PASSWORD }) };

      const { of, ids } = await changedWithin();
      const { body: document } = await vault.get<{ paths: Record<string, object> }>('/docs-json');
      const reads = Object.entries(document.paths).filter(
        ([path, methods]) => 'get' in methods && path.includes('/datasets/{id}'),
      );
      for (const [path] of reads) {
        const address = path.replace('/api/v1', '').replaceAll(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? 'main');
        for (const query of ['', '?view=ml-safe']) {
          const { status, text } = await vault.get(`${address}${query}`, ask);
          expect([address, status < 500, text.includes('quill')]).toEqual([address, true, false]);
        }
      }
      expect(reads.length).toBeGreaterThan(20);

      const post = (path: string, body: object): Promise<Answer<Problem & { dataset_id: string; job_id: string }>> =>
        vault.post(path, body, ask);
      const preview = await post('/anonymization-policies/gdpr/preview', { dataset_id: of });
      const merge = await post(`/datasets/${of}/merge`, { from: 'other', dry_run: true });
      expect([preview.status, merge.status]).toEqual([403, 200]);
      const copy = await post(`/datasets/${of}/anonymize`, { name: named(), strategy: 'keep' });
      await vault.until<{ status: string }>(`/jobs/${copy.body.job_id}`, ({ body }) => body.status === 'completed');
      const plain = await vault.get(`/datasets/${copy.body.dataset_id}/records`);
      const theirs = await vault.get(`/datasets/${copy.body.dataset_id}/records`, ask);
      expect([plain.text.includes('quill'), theirs.status]).toEqual([true, 403]);
      for (const { text } of [preview, merge, copy, theirs]) expect(text).not.toContain('quill');
    });

    /** A dataset in which something was changed on two branches, held back, and found twice. */
    async function changedWithin(): Promise<{ of: string; ids: Record<string, string> }> {
      const of = await vault.newDataset();
      const path = `/datasets/${of}`;
      await vault.importLines(of, LINES);
      const { body: list } = await vault.get<{ items: Read[] }>(`${path}/records`);
      const rid = list.items[0]!.id;
      await vault.post(`${path}/branches`, { name: 'other' });
      for (const branch of ['main', 'other']) {
        const body = { content: { mail: `${branch}.${MARKER}` } };
        await vault.ask('PUT', `${path}/records/${rid}?branch=${branch}`, { body });
      }
      const { body: asked } = await vault.post<Ids>(`${path}/merge-requests`, { title: 'x', source: 'other' });
      const { body: search } = await vault.post<{ job_id: string }>(`${path}/duplicates`, {});
      await vault.until<{ status: string }>(`/jobs/${search.job_id}`, ({ body }) => body.status === 'completed');
      const gates = [{ branches: ['main'], pii: [{ action: 'quarantine' }] }];
      await vault.ask('PUT', `${path}/settings`, { body: { gates } });
      const held = await vault.post<{ quarantine_id: string }>(`${path}/records`, { content: MARKER });
      const { body: commits } = await vault.get<{ items: Ids[] }>(`${path}/commits`);
      const item = held.body.quarantine_id;
      return { of, ids: { id: of, rid, cid: commits.items[0]!.id, mr: asked.id, job: search.job_id, item } };
    }

    it('is explained', async () => {
      const { body: who } = await vault.post<Ids>('/users', { email: `${named()}@example.org`, roles: [] });
      const conditions = { views: ['ml-safe'] };
      await vault.post(`/datasets/${dataset}/grants`, { user_id: who.id, permissions: MASKED, conditions });
      const ask = async (view?: string): Promise<unknown> => {
        const question = { action: MASKED[0], resource: dataset, user_id: who.id, view };
        return (await vault.post<{ allowed: boolean }>('/authz/explain', question)).body.allowed;
      };
      expect([await ask('ml-safe'), await ask('as-it-is'), await ask()]).toEqual([true, false, false]);
    });
  });
});

// Records that gates hold back, over HTTP: on no branch until somebody who may releases them.
import { startVault, type Answer, type Vault } from '../support/vault.ts';

interface Item {
  id: string;
  record_id: string;
  status: string;
  types: string[];
  risk: string;
  action: string;
  branch: string;
  import_id: string | null;
  commit_id: string | null;
}
interface Decided {
  released: number;
  discarded: number;
  has_more: boolean;
  commits: { branch: string; commit_id: string }[];
  items: { id: string; status: number; code: string | null }[];
}
const SSN = '{"text":"my number is 536-90-4399"}';
const REASON = 'All of them are invented';
const PASSWORD = 'some other phrase of words';
const HOLD = { pii: [{ min_risk: 'high', action: 'quarantine' }] };

describe('what gates hold back', () => {
  let vault: Vault;
  let id: string;
  let dataset: string;
  const tokens: Record<string, string> = {};
  beforeAll(async () => {
    vault = await startVault();
    for (const role of ['data-engineer', 'privacy-officer']) {
      const email = `${role}@example.org`;
      await vault.post('/users', { email, roles: [role], password: PASSWORD });
      tokens[role] = await vault.signIn({ email, password: PASSWORD });
    }
  });
  afterAll(() => vault.remove());
  beforeEach(async () => {
    id = await vault.newDataset();
    dataset = `/datasets/${id}`;
    await gates(HOLD);
  });

  const gates = (...list: object[]) => vault.ask('PUT', `${dataset}/settings`, { body: { gates: list } });
  const create = (
    content: unknown,
    more = {},
    branch = 'main',
  ): Promise<Answer<{ id: string; quarantine_id?: string }>> =>
    vault.post(`${dataset}/records?branch=${branch}`, { content, ...more });
  const change = (record: string, content: unknown): Promise<Answer<{ quarantine_id: string }>> =>
    vault.ask('PATCH', `${dataset}/records/${record}`, { body: { content } });
  const held = async (query = ''): Promise<Item[]> =>
    (await vault.get<{ items: Item[] }>(`${dataset}/quarantine${query}`)).body.items;
  const decide = (what: 'release' | 'discard', body: object, token = tokens['privacy-officer']) =>
    vault.post<Decided>(`${dataset}/quarantine/${what}`, { reason: REASON, ...body }, { token });
  const release = (ids: string[]) => decide('release', { ids });
  const codes = ({ body }: Answer<Decided>): [number, string | null][] =>
    body.items.map(({ status, code }) => [status, code]);
  const records = async (ref = 'main'): Promise<{ id: string; content: unknown }[]> =>
    (await vault.get<{ items: { id: string; content: unknown }[] }>(`${dataset}/records?ref=${ref}`)).body.items;
  const actions = async (action: string): Promise<{ details: Record<string, unknown> }[]> =>
    (await vault.get<{ items: { details: Record<string, unknown> }[] }>(`/audit/events?action=${action}&limit=100`))
      .body.items;

  it('is on no branch after an import, whoever looks and wherever', async () => {
    const file = `{"text":"one"}\n${SSN}\n{"text":"two"}\n`;
    const tried = await vault.importLines(id, file, '?dry_run=true');
    expect(tried.body).toMatchObject({ status: 'would_complete', records: 2, quarantined: 1 });
    expect(await held()).toEqual([]);
    const { body } = await vault.importLines<{ id: string; commit_id: string }>(id, file);
    expect(body).toMatchObject({ status: 'completed', records: 2, quarantined: 1, rejected: 0, findings_by_type: {} });
    const [item, ...more] = await held(`?import_id=${body.id}&type=US_SSN&min_risk=high&branch=main`);
    expect([item, more]).toEqual([
      expect.objectContaining({
        action: 'import',
        branch: 'main',
        types: ['US_SSN'],
        status: 'held',
        import_id: body.id,
      }),
      [],
    ]);
    for (const path of [
      'records',
      'findings',
      'stats',
      `records?pii_type=US_SSN`,
      `export?ref=${body.commit_id}`,
      'commits',
      `commits/${body.commit_id}/gates`,
    ]) {
      const { text } = await vault.get(`${dataset}/${path}`);
      expect([path, text.includes('4399'), text.includes('US_SSN'), text.includes(item!.record_id)]).toEqual([
        path,
        false,
        false,
        false,
      ]);
    }
    expect((await vault.get<{ items: object[] }>(`${dataset}/commits`)).body.items.length).toBe(2);
    expect((await vault.get(`${dataset}/records/${item!.record_id}`)).status).toBe(404);
    expect((await vault.get(`${dataset}/stats`)).body).toMatchObject({ records: 2, findings_by_type: {} });
    expect((await vault.importLines<{ records: number }>(id, `${SSN}\n${SSN}\n`)).body).toMatchObject({
      status: 'completed',
      records: 0,
      quarantined: 2,
    });
    expect((await held()).length).toBe(3);
    expect((await held('?limit=2')).length).toBe(2);
    expect(await held('?status=released')).toEqual([]);
  });

  it('is seen, looked into and released by those alone who may, as one commit that says so', async () => {
    await vault.importLines(id, `${SSN}\n{"text":"one"}\n${SSN}\n`);
    const items = await held();
    const path = `${dataset}/quarantine/${items[0]!.id}`;
    const engineer = { token: tokens['data-engineer'] };
    for (const [method, where] of [
      ['GET', `${dataset}/quarantine`],
      ['GET', path],
      ['GET', `${path}/content`],
      ['POST', `${dataset}/quarantine/release`],
      ['POST', `${dataset}/quarantine/discard`],
    ] as const) {
      const body = method === 'POST' ? { reason: REASON, filter: {} } : undefined;
      expect([where, (await vault.ask(method, where, { body, ...engineer })).status]).toEqual([where, 403]);
    }
    const officer = { token: tokens['privacy-officer'] };
    const seen = await vault.get<{ findings: object[] }>(path, officer);
    expect(seen.body.findings).toEqual([expect.objectContaining({ type: 'US_SSN', path: '/text' })]);
    expect(seen.text).not.toContain('4399');
    expect((await vault.get(`${path}/content`, officer)).body).toMatchObject({ content: JSON.parse(SSN) as object });
    expect((await actions('quarantine.read')).length).toBe(1);
    expect((await decide('release', { filter: {}, reason: 'asked by jane.doe@example.org' })).status).toBe(422);
    const { body } = await decide('release', { filter: { type: 'US_SSN' } });
    expect(body).toMatchObject({ released: 2, has_more: false, commits: [{ branch: 'main' }] });
    expect((await records()).length).toBe(3);
    expect((await vault.get(`${dataset}/stats`)).body).toMatchObject({ records: 3, findings_by_type: { US_SSN: 2 } });
    const commit = body.commits[0]!.commit_id;
    expect((await vault.get(`${dataset}/commits/${commit}/gates`)).body['gates']).toEqual([
      { gate: 'quarantine', verdict: 'released', allowed: [{ type: 'US_SSN', findings: 2, reason: REASON }] },
      { gate: 'pii', verdict: 'passed', allowed: [] },
    ]);
    const [told] = await actions('quarantine.release');
    expect(told!.details).toMatchObject({ commit, records: 2 });
    expect((await held('?status=released')).map(({ commit_id: by }) => by)).toEqual([commit, commit]);
    // What was let through passes from then on: also into a split.
    await vault.post(`${dataset}/branches`, { name: 'side' });
    await create({ text: 'more' }, {}, 'side');
    expect((await vault.post(`${dataset}/merge`, { from: 'side' })).status).toBe(200);
    expect((await vault.get(`${path}/content`, officer)).status).toBe(409);
  });

  it('is released without what was found, and what it was is gone', async () => {
    const { body: made } = await create({ text: 'one' }, { external_id: 'A' });
    await change(made.id, JSON.parse(SSN));
    await vault.importLines(id, `${SSN}\n{"text":"card 4111 1111 1111 1111"}\n`);
    const anonymize = { strategies: { US_SSN: 'mask' }, types: ['US_SSN'] };
    expect((await decide('release', { filter: {}, anonymize: { policy: 'hipaa', types: ['US_SSN'] } })).status).toBe(
      422,
    );
    expect((await decide('release', { filter: {}, anonymize: { strategy: 'vanish' } })).status).toBe(422);
    const { body } = await decide('release', { filter: {}, anonymize });
    expect([body.released, body.items.map(({ code }) => code)]).toEqual([2, [null, null, 'GATE_FAILED']]);
    const texts = (await records()).map(({ content }) => (content as { text: string }).text);
    expect(texts).toHaveLength(2);
    for (const text of texts) expect(text).toMatch(/^my number is (?!536-90).+$/);
    expect((await records())[0]).toMatchObject({ id: made.id, external_id: 'A' });
    const commit = body.commits[0]!.commit_id;
    expect((await vault.get(`${dataset}/commits/${commit}/gates`)).body['gates']).toEqual([
      { gate: 'quarantine', verdict: 'released', allowed: [] },
      { gate: 'pii', verdict: 'passed', allowed: [] },
    ]);
    expect((await held('?status=released')).map((item) => item)).toEqual(
      new Array(2).fill(
        expect.objectContaining({
          commit_id: commit,
          anonymization: { strategy: 'redact', strategies: { US_SSN: 'mask' }, types: ['US_SSN'], policy: null },
        }),
      ),
    );
    expect((await actions('quarantine.release'))[0]!.details).toMatchObject({ anonymization: 'redact', segments: 1 });
    const rest = await decide('release', { filter: {}, anonymize: { strategy: 'redact' } });
    expect(rest.body.released).toBe(1);
    expect((await actions('quarantine.release'))[0]!.details).toMatchObject({ segments: 1 });
    expect(await held()).toEqual([]);
  });

  it('leaves the record as it was when it is changed, and is released once', async () => {
    const { body: made } = await create({ text: 'one' }, { external_id: 'A' });
    const patched = await change(made.id, { text: 'my number is 536-90-4399' });
    expect([patched.status, patched.body]).toEqual([
      202,
      expect.objectContaining({ id: made.id, types: ['US_SSN'] }) as object,
    ]);
    expect((await records())[0]).toMatchObject({ id: made.id, content: { text: 'one' } });
    const ids = [patched.body.quarantine_id];
    const both = await Promise.all([release(ids), release(ids)]);
    expect(both[0].body.released + both[1].body.released).toBe(1);
    expect(codes(both.find(({ body }) => body.released === 0)!)).toEqual([[409, 'QUARANTINE_ENDED']]);
    expect((await records())[0]).toMatchObject({ id: made.id, external_id: 'A', content: JSON.parse(SSN) as object });
    const { body } = await vault.get<{ items: { change: string }[] }>(`${dataset}/records/${made.id}/history`);
    expect(body.items.map(({ change: what }) => what)).toEqual(['changed', 'added']);
  });

  it('stays held when the record was changed meanwhile, or its name or branch is gone, until it is discarded', async () => {
    const { body: made } = await create({ text: 'one' });
    const late = (await change(made.id, JSON.parse(SSN))).body.quarantine_id;
    await change(made.id, { text: 'two' });
    const named = (await create(JSON.parse(SSN), { external_id: 'A' })).body.quarantine_id!;
    await create({ text: 'faster' }, { external_id: 'A' });
    await vault.post(`${dataset}/branches`, { name: 'gone' });
    const lost = (await create(JSON.parse(SSN), {}, 'gone')).body.quarantine_id!;
    await vault.ask('DELETE', `${dataset}/branches/gone`);
    const unknown = 'qi_00000000000000000000000000';
    const refused = await release([late, named, lost, unknown]);
    expect(codes(refused)).toEqual([
      [409, 'QUARANTINE_OUTDATED'],
      [409, 'EXTERNAL_ID_TAKEN'],
      [404, 'REF_NOT_FOUND'],
      [404, 'QUARANTINE_ITEM_NOT_FOUND'],
    ]);
    expect(refused.body).toMatchObject({ released: 0, commits: [] });
    expect((await held()).length).toBe(3);
    expect((await decide('discard', { ids: [late] }, tokens['data-engineer'])).status).toBe(403);
    const { body } = await decide('discard', { filter: {} });
    expect(body).toMatchObject({ discarded: 3, has_more: false });
    expect([await held(), (await held('?status=discarded')).length]).toEqual([[], 3]);
    expect((await actions('quarantine.discard'))[0]!.details).toMatchObject({ records: 3, segments: 3 });
    expect(codes(await release([late]))).toEqual([[409, 'QUARANTINE_ENDED']]);
    expect((await records()).map(({ content }) => content)).toEqual([{ text: 'two' }, { text: 'faster' }]);
  });

  it('is told of each item of a batch, whose others are committed', async () => {
    const { body: made } = await create({ text: 'one' });
    const { body } = await vault.post<{ commit_id: string; items: { status: number; quarantine_id?: string }[] }>(
      `${dataset}/records/batch`,
      {
        items: [
          { op: 'create', content: { text: 'two' } },
          { op: 'create', content: JSON.parse(SSN) as object },
          { op: 'replace', id: made.id, content: JSON.parse(SSN) as object },
        ],
      },
    );
    expect(body.items.map(({ status, quarantine_id: item }) => [status, typeof item])).toEqual([
      [201, 'undefined'],
      [202, 'string'],
      [202, 'string'],
    ]);
    expect((await records()).map(({ content }) => content)).toEqual([{ text: 'one' }, { text: 'two' }]);
    const key = { headers: { 'idempotency-key': 'the-same-twice' } };
    const first = await vault.post(`${dataset}/records`, { content: JSON.parse(SSN) as object }, key);
    const again = await vault.post(`${dataset}/records`, { content: JSON.parse(SSN) as object }, key);
    expect([again.status, again.body]).toEqual([202, first.body]);
    expect((await held()).length).toBe(3);
  });

  it('gives way to what is blocked, cannot be a part of a merge, and passes the gates that hold when it is released', async () => {
    await gates({
      pii: [
        { types: ['US_SSN'], action: 'block' },
        { min_risk: 'high', action: 'quarantine' },
      ],
    });
    expect((await create(JSON.parse(SSN))).status).toBe(422);
    expect((await vault.importLines(id, `{"text":"one"}\n${SSN}\n`)).status).toBe(422);
    await gates({ ...HOLD, branches: ['main'] });
    await vault.post(`${dataset}/branches`, { name: 'side' });
    expect((await create(JSON.parse(SSN), {}, 'side')).status).toBe(201);
    const merged = await vault.post<{ errors: { detail: string }[] }>(`${dataset}/merge`, { from: 'side' });
    expect([merged.status, merged.body.errors[0]!.detail]).toEqual([422, expect.stringContaining('held back when')]);
    const ids = [(await create(JSON.parse(SSN))).body.quarantine_id!];
    await gates({ ...HOLD, fields: ['license'] });
    expect((await release(ids)).status).toBe(422);
    await gates({ pii: [{ min_risk: 'high', action: 'block' }] });
    expect((await release(ids)).status).toBe(422);
    await vault.ask('PUT', `${dataset}/branches/main/protection`, { body: { protected: true } });
    expect(codes(await release(ids))).toEqual([[409, 'BRANCH_PROTECTED']]);
    await vault.ask('PUT', `${dataset}/branches/main/protection`, { body: { protected: false } });
    await gates();
    expect((await release(ids)).body.released).toBe(1);
    expect((await vault.ask('DELETE', dataset)).status).toBe(204);
  });
});

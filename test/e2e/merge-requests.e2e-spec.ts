// Changes that are looked at before they are merged, over HTTP: merge requests, reviews, approvals of protected branches.
import { startVault, type Answer, type Vault } from '../support/vault.ts';

interface Detail {
  id: string;
  status: string;
  head_commit_id: string;
  merge_commit_id: string;
  statistics: object;
  conflicts: { path: string }[];
  verdicts: { schema: { verdict: string }; gates: { verdict: string; errors: { pointer: string }[] } } | null;
  approvals: { given: number; by: { why_not: string | null }[] };
  mergeable: boolean;
  obstacles: string[];
  code: string;
  items: object[];
}
interface Person {
  id: string;
  token: string;
}
const PASSWORD = 'some other phrase of words';

describe('merge requests', () => {
  let vault: Vault;
  let people: Record<'author' | 'ada' | 'bob', Person>;
  let dataset: string;
  let requests: string;
  let record: string;
  beforeAll(async () => {
    vault = await startVault();
    const person = async (name: string, role: string): Promise<Person> => {
      const email = `${name}@example.org`;
      const { body } = await vault.post<{ id: string }>('/users', { email, roles: [role], password: PASSWORD });
      return { id: body.id, token: await vault.signIn({ email, password: PASSWORD }) };
    };
    people = {
      author: await person('author', 'admin'),
      ada: await person('ada', 'privacy-officer'),
      bob: await person('bob', 'privacy-officer'),
    };
  });
  afterAll(() => vault.remove());
  beforeEach(async () => {
    const id = await vault.newDataset();
    dataset = `/datasets/${id}`;
    requests = `${dataset}/merge-requests`;
    await vault.importLines(id, '{"t":"one"}\n{"t":"two"}\n');
    await vault.post(`${dataset}/branches`, { name: 'side' });
    const { body } = await vault.get<{ items: { id: string }[] }>(`${dataset}/records`);
    record = body.items[0]!.id;
    await patch({ t: 'ONE' });
  });

  const patch = (content: object, branch = 'side', token = people.author.token): Promise<Answer<Detail>> =>
    vault.ask<Detail>('PATCH', `${dataset}/records/${record}?branch=${branch}`, { body: { content }, token });
  const protect = (required_approvals: number) =>
    vault.ask('PUT', `${dataset}/branches/main/protection`, { body: { protected: true, required_approvals } });
  const open = (more = {}): Promise<Answer<Detail>> =>
    vault.post<Detail>(requests, { title: 'Say it louder', source: 'side', ...more });
  const look = async (mr: string): Promise<Detail> => (await vault.get<Detail>(`${requests}/${mr}`)).body;
  const review = async (mr: string, who: Person | null, decision: string, more = {}): Promise<Answer<Detail>> => {
    const commit_id = (await look(mr)).head_commit_id;
    return vault.post<Detail>(`${requests}/${mr}/reviews`, { decision, commit_id, ...more }, who ?? {});
  };
  const merge = (mr: string, body = {}): Promise<Answer<Detail>> => vault.post<Detail>(`${requests}/${mr}/merge`, body);
  const codeOf = ({ status, body }: Answer<Detail>): unknown[] => [status, body.code];
  const first = async (): Promise<string> => (await vault.get(`${dataset}/export`)).text.split('\n')[0]!;

  it('are all that a branch takes that asks for approvals, each of its head and of others', async () => {
    await protect(2);
    for (const strategy of ['fail', 'theirs']) {
      const direct = await vault.post<Detail>(`${dataset}/merge`, { from: 'side', strategy });
      expect(codeOf(direct)).toEqual([409, 'BRANCH_PROTECTED']);
    }
    const { id } = (await open()).body;
    expect(await look(id)).toMatchObject({
      statistics: { added: 0, changed: 1, removed: 0 },
      conflicts: [],
      verdicts: { schema: { verdict: 'passed' }, gates: { verdict: 'passed' } },
      mergeable: false,
      obstacles: ['APPROVALS_MISSING'],
    });
    expect(codeOf(await review(id, null, 'approve'))).toEqual([403, 'REVIEW_OWN']);
    expect(codeOf(await review(id, people.author, 'approve'))).toEqual([403, 'REVIEW_OWN']);
    expect((await review(id, people.ada, 'approve', { commit_id: undefined })).status).toBe(422);
    for (const _ of [1, 2]) expect((await review(id, people.ada, 'approve', { note: 'Looks right' })).status).toBe(201);
    expect(codeOf(await merge(id))).toEqual([409, 'APPROVALS_MISSING']);
    const { head_commit_id: older } = await look(id);
    await patch({ t: 'ONE!' });
    expect(codeOf(await review(id, people.bob, 'approve', { commit_id: older }))).toEqual([409, 'VERSION_CONFLICT']);
    await review(id, people.bob, 'approve');
    const { approvals } = await look(id);
    expect([approvals.given, new Set(approvals.by.map((each) => each.why_not))]).toEqual([1, new Set([null, 'stale'])]);
    expect(codeOf(await merge(id))).toEqual([409, 'APPROVALS_MISSING']);
    await review(id, people.ada, 'approve');
    expect(codeOf(await merge(id, { commit_id: older }))).toEqual([409, 'VERSION_CONFLICT']);
    const { body: merged } = await merge(id);
    expect([merged.status, await first()]).toEqual(['merged', '{"t":"ONE!"}']);
    const { body: commit } = await vault.get<{ message: string }>(`${dataset}/commits/${merged.merge_commit_id}`);
    expect(commit.message.split('\n').slice(0, 3)).toEqual(['Say it louder', '', `Merge-Request: ${id}`]);
    expect(commit.message).toContain(`Approved-By: ${people.ada.id}`);
    expect(commit.message).toContain(`Approved-By: ${people.bob.id}`);
    expect(codeOf(await merge(id))).toEqual([409, 'MERGE_REQUEST_ENDED']);
    const { body: trail } = await vault.get<Detail>(`/audit/events?action=merge-request.review&result=denied`);
    expect(trail.items).toHaveLength(2);
  });

  it('wait for whoever asks for changes, until the same one approves or the review is dismissed', async () => {
    const { id } = (await open()).body;
    await review(id, people.ada, 'request_changes');
    await review(id, people.bob, 'approve');
    expect(codeOf(await merge(id))).toEqual([409, 'CHANGES_REQUESTED']);
    const { body: list } = await vault.get<{ items: Detail[] }>(`${requests}/${id}/reviews?limit=1`);
    const dismiss = (who: Person | null) =>
      vault.post<Detail>(
        `${requests}/${id}/reviews/${list.items[0]!.id}/dismiss`,
        { reason: 'It was done' },
        who ?? {},
      );
    expect(codeOf(await dismiss(null))).toEqual([403, 'REVIEW_OWN']);
    expect((await dismiss(people.bob)).body).toMatchObject({ dismissed_by: people.bob.id });
    expect((await look(id)).mergeable).toBe(true);
    await review(id, people.ada, 'request_changes');
    expect((await look(id)).obstacles).toEqual(['CHANGES_REQUESTED']);
    await review(id, people.ada, 'approve');
    expect((await merge(id)).status).toBe(200);
  });

  it('count no approval of somebody who may not review any more', async () => {
    await protect(1);
    const { id } = (await open()).body;
    await review(id, people.bob, 'approve');
    expect((await look(id)).mergeable).toBe(true);
    const roles = (list: string[]) => vault.ask('PATCH', `/users/${people.bob.id}`, { body: { roles: list } });
    expect((await roles(['auditor'])).status).toBe(200);
    expect((await look(id)).approvals.by).toMatchObject([{ why_not: 'not-permitted' }]);
    expect(codeOf(await merge(id))).toEqual([409, 'APPROVALS_MISSING']);
    await roles(['privacy-officer']);
    expect((await merge(id)).status).toBe(200);
  });

  it('say what is in their way: conflicts, the schema, gates', async () => {
    const { id } = (await open()).body;
    await patch({ t: 'ours' }, 'main');
    expect(await look(id)).toMatchObject({ conflicts: [{ path: '/content/t' }], obstacles: ['MERGE_CONFLICT'] });
    expect(codeOf(await merge(id))).toEqual([409, 'MERGE_CONFLICT']);
    await patch({ t: 'ONE', other: 'fine' }, 'main');
    const gates = [{ branches: ['main'], pii: [{ min_risk: 'high', action: 'block' }] }];
    await patch({ t: 'ONE', more: 'my number is 536-90-4399' });
    const added = await vault.post<Detail>(`${dataset}/records?branch=side`, { content: 'my number is 536-90-4399' });
    await vault.ask('PUT', `${dataset}/settings`, { body: { gates } });
    await vault.ask('PUT', `${dataset}/schema`, {
      body: { schema: { properties: { more: { type: 'number' } } } },
    });
    const detail = await look(id);
    expect(detail.obstacles).toEqual(['SCHEMA_MISMATCH', 'GATE_FAILED']);
    const { body: dry, text } = await vault.post<Detail>(`${dataset}/merge`, { from: 'side', dry_run: true });
    expect(dry.verdicts).toEqual(detail.verdicts);
    const places = dry.verdicts!.gates.errors.map(({ pointer }) => pointer);
    expect(new Set(places)).toEqual(new Set([`/${record}/content/more`, `/${added.body.id}/content`]));
    expect(text).not.toContain('4399');
  });

  it('are one for each way, end, and go on', async () => {
    const { id } = (await open()).body;
    expect(codeOf(await open())).toEqual([409, 'MERGE_REQUEST_EXISTS']);
    expect(codeOf(await open({ source: 'main' }))).toEqual([409, 'NOTHING_TO_MERGE']);
    expect(codeOf(await open({ title: 'For jane.doe@example.org' }))).toEqual([422, 'REASON_PERSONAL']);
    expect((await vault.post<Detail>(`${requests}/${id}/close`)).body.status).toBe('closed');
    expect(codeOf(await review(id, people.ada, 'comment', { commit_id: undefined }))).toEqual([
      409,
      'MERGE_REQUEST_ENDED',
    ]);
    expect((await vault.get<Detail>(`${requests}?status=open`)).body.items).toEqual([]);
    expect((await vault.post<Detail>(`${requests}/${id}/reopen`)).body.status).toBe('open');
    await vault.ask('DELETE', `${dataset}/branches/side`);
    expect((await look(id)).obstacles).toEqual(['REF_NOT_FOUND']);
    expect((await vault.get<Detail>(`${requests}?status=open`)).body.items).toMatchObject([{ id }]);
    expect((await vault.ask('DELETE', dataset)).status).toBe(204);
  });

  it('let nothing in that comes between', async () => {
    await protect(1);
    const { id } = (await open()).body;
    await review(id, people.ada, 'approve');
    const { head_commit_id: approved } = await look(id);
    const [merged] = await Promise.all([merge(id), ...[1, 2, 3, 4].map((n) => patch({ t: `pushed ${n}` }))]);
    if (merged.status !== 200) expect(merged.status).toBe(409);
    expect(await first()).toBe(merged.status === 200 ? '{"t":"ONE"}' : '{"t":"one"}');
    if (merged.status !== 200) return;
    const { body } = await vault.get<{ parent_ids: string[] }>(`${dataset}/commits/${merged.body.merge_commit_id}`);
    expect(body.parent_ids[1]).toBe(approved);
  });
});

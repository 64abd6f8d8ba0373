// Branches that come together over HTTP: merges, conflicts and their resolution, reverts, resets, protection.
import { startVault, type Answer, type Vault } from '../support/vault.ts';

interface Merge {
  commit_id: string | null;
  records: number;
  conflicts: { id: string; path: string; reason: string }[];
  code?: string;
  errors?: { pointer: string }[];
}

describe('merges', () => {
  let vault: Vault;
  let dataset: string;
  let records: string[];
  beforeAll(async () => {
    vault = await startVault();
  });
  afterAll(() => vault.remove());
  beforeEach(async () => {
    dataset = `/datasets/${await vault.newDataset()}`;
    await vault.importLines(dataset.split('/')[2]!, '{"t":"one","n":1}\n{"t":"two","n":2}\n{"t":"three","n":3}\n');
    await vault.post(`${dataset}/branches`, { name: 'side' });
    const { body } = await vault.get<{ items: { id: string }[] }>(`${dataset}/records`);
    records = body.items.map(({ id }) => id);
  });

  const patch = (record: number, content: object, branch = 'main') =>
    vault.ask<{ code: string }>('PATCH', `${dataset}/records/${records[record]}?branch=${branch}`, {
      body: { content },
    });
  const ask = (verb: string, body: object): Promise<Answer<Merge>> => vault.post<Merge>(`${dataset}/${verb}`, body);
  const lines = async (ref = 'main'): Promise<string> => (await vault.get(`${dataset}/export?ref=${ref}`)).text;

  it('bring branches together, list what they cannot, and take a decision', async () => {
    await patch(0, { t: 'ONE' }, 'side');
    await patch(0, { n: 10 });
    await patch(1, { t: 'secret of theirs' }, 'side');
    await patch(1, { t: 'secret of ours' });
    const refused = await ask('merge', { from: 'side' });
    expect([refused.status, refused.body.code]).toEqual([409, 'MERGE_CONFLICT']);
    expect(refused.body.errors!.map(({ pointer }) => pointer)).toEqual([`/${records[1]}/content/t`]);
    expect(refused.text).not.toContain('secret');
    const dry = await ask('merge', { from: 'side', dry_run: true });
    expect(dry.body).toEqual({
      commit_id: null,
      records: 1,
      conflicts: [{ id: records[1], path: '/content/t', reason: 'changed' }],
    });
    const merged = await ask('merge', { from: 'side', resolutions: [{ id: records[1], take: 'theirs' }] });
    expect([merged.status, merged.body.records]).toEqual([200, 2]);
    expect(await lines()).toBe('{"t":"ONE","n":10}\n{"t":"secret of theirs","n":2}\n{"t":"three","n":3}\n');
    const { body: commit } = await vault.get<{ parent_ids: string[] }>(`${dataset}/commits/${merged.body.commit_id}`);
    expect(commit.parent_ids).toHaveLength(2);
    expect((await ask('merge', { from: 'side' })).body).toEqual({ commit_id: null, records: 0, conflicts: [] });
  });

  it('are all that a protected branch takes', async () => {
    const protection = `${dataset}/branches/main/protection`;
    expect((await vault.ask('PUT', protection, { body: { protected: true } })).body).toMatchObject({ protected: true });
    const direct = await patch(0, { t: 'ONE' });
    expect([direct.status, direct.body.code]).toEqual([409, 'BRANCH_PROTECTED']);
    const imported = await vault.importLines<{ code: string }>(dataset.split('/')[2]!, '{"n":4}\n');
    expect([imported.status, imported.body.code]).toEqual([409, 'BRANCH_PROTECTED']);
    await patch(0, { t: 'ONE' }, 'side');
    expect((await ask('merge', { from: 'side' })).status).toBe(200);
    expect(await lines()).toContain('"ONE"');
  });

  it('can be taken back, and branches set back', async () => {
    await patch(2, { t: 'THREE' }, 'side');
    const { body: merged } = await ask('merge', { from: 'side' });
    const before = await lines();
    await ask('revert', { commit: merged.commit_id });
    expect(await lines()).toContain('{"t":"three","n":3}');
    await ask('cherry-pick', { commit: 'side' });
    expect(await lines()).toBe(before);
    const reset = await vault.post<{ head_commit_id: string }>(`${dataset}/branches/main/reset`, {
      to: merged.commit_id,
    });
    expect([reset.status, reset.body.head_commit_id]).toEqual([200, merged.commit_id]);
    expect(await lines()).toBe(before);
    expect((await patch(2, { t: 'on we go' })).status).toBe(200);
  });
});

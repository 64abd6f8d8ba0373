// Branches, tags, commits and differences over HTTP.
import { generateKeyPairSync, sign } from 'node:crypto';
import { startVault, type Vault } from '../support/vault.ts';

interface Commit {
  id: string;
  message: string;
  parent_ids: string[];
  merkle_root: string;
  hash: string;
  signature: { key_fingerprint: string } | null;
  statistics: { records: number };
}
interface Problem {
  code: string;
  errors: object[];
}
interface Diff {
  from: string;
  to: string;
  items: { id: string; change: string; fields: { path: string }[] }[];
  statistics: object;
}

describe('versions', () => {
  let vault: Vault;
  let dataset: string;
  beforeAll(async () => {
    vault = await startVault();
    dataset = `/datasets/${await vault.newDataset()}`;
    const lines = Array.from({ length: 50 }, (_, n) => `{"n":${n}}\n`).join('');
    await vault.importLines(dataset.split('/')[2]!, `${lines}{"mail":"mara.lindqvist@example.org"}\n`);
  });
  afterAll(() => vault.remove());

  /** A key of somebody's own, and what it makes of a commit. */
  const signer = () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const public_key = publicKey.export({ format: 'pem', type: 'spki' }).toString();
    return ({ id, hash }: Pick<Commit, 'id' | 'hash'>) => {
      const said = Buffer.from(`vault/commit-signature/v1\n${id}\n${hash}\n`);
      return { public_key, signature: sign(null, said, privateKey).toString('base64') };
    };
  };

  const create = (query: string, content: unknown) =>
    vault.post<{ id: string; commit_id: string }>(`${dataset}/records${query}`, { content });

  it('are branched, changed, compared, read and exported at any ref', async () => {
    const branch = await vault.post<{ head_commit_id: string }>(`${dataset}/branches`, { name: 'team/cleaning' });
    expect(branch.status).toBe(201);
    const named = `${dataset}/branches/${encodeURIComponent('team/cleaning')}`;
    expect((await vault.get(named)).body).toMatchObject({ name: 'team/cleaning', protected: false });
    expect((await vault.post<{ code: string }>(`${dataset}/branches`, { name: 'team/cleaning' })).body.code).toBe(
      'REF_NAME_TAKEN',
    );
    expect((await vault.post(`${dataset}/branches`, { name: '@now' })).status).toBe(422);

    const added = await create('?branch=team/cleaning', { n: 50, mail: 'jon.ekdahl@example.org' });
    const { body: page } = await vault.get<{ items: { id: string }[] }>(`${dataset}/records?limit=2`);
    const [first, second] = page.items;
    await vault.ask('PATCH', `${dataset}/records/${first!.id}?branch=team/cleaning`, {
      body: { content: { n: 'zero' } },
    });
    await vault.ask('DELETE', `${dataset}/records/${second!.id}?branch=team/cleaning`);
    const { body: diff } = await vault.get<Diff>(`${dataset}/diff?from=main&to=team/cleaning&count=exact`);
    expect(diff.items.map(({ id, change, fields }) => [id, change, fields.map(({ path }) => path)])).toEqual([
      [first!.id, 'changed', ['/content/n']],
      [second!.id, 'removed', []],
      [added.body.id, 'added', []],
    ]);
    expect(diff.statistics).toEqual({ added: 1, changed: 1, removed: 1 });

    const lines = async (ref: string): Promise<string[]> =>
      (await vault.get(`${dataset}/export?ref=${ref}`)).text.trim().split('\n');
    expect([(await lines('main')).length, (await lines('main'))[0]]).toEqual([51, '{"n":0}']);
    const cleaned = await lines('team/cleaning');
    expect([cleaned.length, cleaned[0], cleaned.at(-1)]).toEqual([
      51,
      '{"n":"zero"}',
      '{"n":50,"mail":"jon.ekdahl@example.org"}',
    ]);
    const chart = await vault.get(`${dataset}/diff/pii?from=main&to=team/cleaning`, {
      headers: { accept: 'image/svg+xml' },
    });
    expect([chart.headers.get('content-type'), chart.text.includes('<desc id="desc">Highest risk')]).toEqual([
      'image/svg+xml',
      true,
    ]);
    const { body: pii } = await vault.get<{ types: object[] }>(`${dataset}/diff/pii?from=main&to=team/cleaning`);
    expect(pii.types).toContainEqual({ type: 'EMAIL_ADDRESS', from: 1, to: 2, change: 'more' });

    const { body: history } = await vault.get<{ items: Commit[] }>(`${dataset}/commits?ref=team/cleaning`);
    expect(history.items.map(({ message }) => message)).toEqual([
      'Delete records',
      'Patch records',
      'Create records',
      'Import',
      'Create dataset',
    ]);
    const { body: commit } = await vault.get<Commit>(`${dataset}/commits/${history.items[1]!.id}`);
    expect(commit).toMatchObject({ parent_ids: [history.items[2]!.id], statistics: { records: 52 } });
    expect(commit.merkle_root).toMatch(/^[0-9a-f]{64}$/);
    expect((await vault.ask('DELETE', named)).status).toBe(204);
    expect((await vault.get(`${dataset}/records?ref=team/cleaning`)).status).toBe(404);
    expect((await vault.get(`${dataset}/records/${added.body.id}?ref=${added.body.commit_id}`)).status).toBe(200);
  });

  it('are tagged, and the tag stays', async () => {
    const { body: tag } = await vault.post<{ commit_id: string }>(`${dataset}/tags`, {
      name: 'v1.0',
      message: 'First',
    });
    await create('', { later: true });
    const stats = await vault.get(`${dataset}/stats?ref=v1.0`);
    expect(stats.body).toMatchObject({ commit_id: tag.commit_id, records: 51 });
    const { body: list } = await vault.get<{ items: { name: string }[] }>(`${dataset}/tags`);
    expect(list.items.map(({ name }) => name)).toEqual(['v1.0']);
    expect((await vault.ask('DELETE', `${dataset}/tags/v1.0`)).status).toBe(204);
    expect((await vault.get(`${dataset}/stats?ref=v1.0`)).status).toBe(404);
  });

  it('are purged when nothing leads to them, unless somebody brings them back in time', async () => {
    interface Job {
      status: string;
      result: { commits: number; record_versions: number; segments: number; bytes: number; segments_kept: number };
    }
    const purged = async (body: object): Promise<Job> => {
      const asked = await vault.post<{ job_id: string }>(`${dataset}/purge`, body);
      if (asked.status !== 202) throw new Error(asked.text);
      const isDone = (each: { body: Job }): boolean => /^(comp|fail)/.test(each.body.status);
      return (await vault.until<Job>(`/jobs/${asked.body.job_id}`, isDone)).body;
    };
    await vault.post(`${dataset}/branches`, { name: 'aside' });
    const file = `${dataset.split('/')[2]!}`;
    const sent = await vault.importLines<{ id: string; commit_id: string }>(
      file,
      '{"a":1}\n{"a":2}\n',
      '?branch=aside',
    );
    const lost = sent.body.commit_id;
    await vault.ask('DELETE', `${dataset}/branches/aside`);
    expect((await purged({})).result).toMatchObject({ commits: 0, segments: 0 });
    expect((await vault.post(`${dataset}/branches`, { name: 'aside', from: lost })).status).toBe(201);
    await vault.ask('DELETE', `${dataset}/branches/aside`);
    const before = (await vault.get(`${dataset}/export`)).text;
    const tried = await purged({ min_age_days: 0, dry_run: true });
    expect(tried.result).toMatchObject({ dry_run: true, record_versions: expect.any(Number) as number });
    expect((await vault.get(`${dataset}/export?ref=${lost}`)).text).toContain('{"a":1}\n{"a":2}\n');
    const done = await purged({ min_age_days: 0 });
    expect(done.result).toEqual({ ...tried.result, dry_run: false, branches: expect.any(Number) as number });
    expect(done.result.commits).toBeGreaterThan(0);
    expect([
      (await vault.get(`${dataset}/export?ref=${lost}`)).status,
      (await vault.get(`/imports/${sent.body.id}`)).status,
    ]).toEqual([404, 404]);
    expect((await vault.post(`${dataset}/tags`, { name: 'late', ref: lost })).status).toBe(404);
    expect((await vault.get(`${dataset}/export`)).text).toBe(before);
    const { body: audit } = await vault.get<{ items: { details: object }[] }>('/audit/events?action=commit.purge');
    expect(audit.items[0]!.details).toMatchObject({ commits: done.result.commits });
  });

  it('are signed by who made them, with a key of their own, once', async () => {
    const { body: made } = await create('', { n: 'signed' });
    const { body: commit } = await vault.get<Commit>(`${dataset}/commits/${made.commit_id}`);
    expect(commit.signature).toBeNull();
    const [mine, another] = [signer(), signer()];
    const put = (body: object, ask: object = {}) =>
      vault.ask<Commit & Problem>('PUT', `${dataset}/commits/${commit.id}/signature`, { body, ...ask });

    const wrong = await put({ ...mine(commit), signature: another(commit).signature });
    expect([wrong.status, wrong.body.code]).toEqual([422, 'SIGNATURE_WRONG']);
    expect((await put(mine({ ...commit, id: commit.parent_ids[0]! }))).body.code).toBe('SIGNATURE_WRONG');
    const noKey = await put({ ...mine(commit), public_key: 'a key' });
    expect([noKey.status, noKey.body.errors]).toEqual([422, [expect.objectContaining({ pointer: '/public_key' })]]);
    const who = { email: 'karin@example.org', password: 'a phrase that is her own' };
    await vault.post('/users', { ...who, roles: ['data-engineer'] });
    const others = await put(mine(commit), { token: await vault.signIn(who) });
    expect([others.status, others.body.code]).toEqual([403, 'SIGNATURE_OF_OTHERS']);

    const signed = await put(mine(commit));
    expect([signed.status, signed.body.signature]).toEqual([
      200,
      expect.objectContaining({ algorithm: 'Ed25519', ...mine(commit) }),
    ]);
    expect((await put(mine(commit))).body).toEqual(signed.body);
    expect((await put(another(commit))).body.code).toBe('COMMIT_SIGNED');
    const { body: listed } = await vault.get<{ items: Commit[] }>(`${dataset}/commits?limit=1`);
    expect(listed.items[0]!.signature).toEqual(signed.body.signature);
    const { body: audit } = await vault.get<{ items: { details: object }[] }>('/audit/events?action=commit.sign');
    expect(audit.items.map(({ details }) => details)).toMatchObject([
      { commit: commit.id, key: signed.body.signature!.key_fingerprint },
    ]);
  });
});

// A dataset that is deleted: nothing of it answers, nothing of it is kept, and everything else is as it was.
import { setTimeout as delay } from 'node:timers/promises';
import { dumpOf } from '../support/at-rest.ts';
import { startVault, type Vault } from '../support/vault.ts';

interface Problem {
  code: string;
}

describe('a dataset that is deleted', () => {
  let vault: Vault;
  let dataset: string;
  let copy: string;
  beforeAll(async () => {
    vault = await startVault();
    dataset = await vault.newDataset('goes');
    await vault.importLines(dataset, '{"text":"write to jane@example.org"}\n{"text":"second"}\nno json\n');
    await vault.post(`/datasets/${dataset}/records`, { content: { text: 'third' } });
    await vault.post(`/datasets/${dataset}/branches`, { name: 'draft' });
    await vault.post(`/datasets/${dataset}/records?branch=draft`, { content: { text: 'on the branch' } });
    await vault.post(`/datasets/${dataset}/tags`, { name: 'first' });
    const { body: user } = await vault.post<{ id: string }>('/users', { email: 'ada@example.org', roles: [] });
    await vault.post(`/datasets/${dataset}/grants`, { user_id: user.id, permissions: ['dataset:read'] });
    const asked = await vault.post<{ job_id: string; dataset_id: string }>(`/datasets/${dataset}/anonymize`, {
      name: 'stays',
    });
    copy = asked.body.dataset_id;
    await vault.until<{ status: string }>(`/jobs/${asked.body.job_id}`, ({ body }) => body.status === 'completed');
  });
  afterAll(() => vault.remove());

  const remove = (): ReturnType<Vault['ask']> => vault.ask('DELETE', `/datasets/${dataset}`);
  const objects = async (): Promise<number> =>
    (await dumpOf(vault)).filter(({ name }) => /[0-9a-f]{8}-[0-9a-f-]{27}$/.test(name)).length;

  it('is not deleted by who may only write to it', async () => {
    const who = { email: 'ben@example.org', password: 'some other phrase of words' };
    await vault.post('/users', { ...who, roles: ['data-engineer'] });
    const { status } = await vault.ask('DELETE', `/datasets/${dataset}`, { token: await vault.signIn(who) });
    expect(status).toBe(403);
  });

  it('is gone at once, with its branches, tags, records and objects; the copy of it stays', async () => {
    const before = await objects();
    const kept = await vault.get(`/datasets/${copy}/export`);
    expect((await remove()).status).toBe(204);
    for (const path of ['', '/stats', '/export', '/records', '/branches', '/commits', '/lineage', '/grants']) {
      const { status, body } = await vault.get<Problem>(`/datasets/${dataset}${path}`);
      expect([path, status, body.code]).toEqual([path, 404, 'DATASET_NOT_FOUND']);
    }
    expect((await remove()).status).toBe(404);
    expect((await vault.get(`/datasets/${copy}/export`)).text).toBe(kept.text);
    expect((await vault.get<{ items: object[] }>(`/datasets/${copy}/lineage`)).body.items).toEqual([]);
    const deadline = Date.now() + 60_000;
    while ((await objects()) >= before && Date.now() < deadline);
    expect(await objects()).toBeLessThan(before);
  });

  it('is in the audit, and its name is free again', async () => {
    const { body } = await vault.get<{ items: { action: string; resource: string }[] }>('/audit/events?limit=20');
    expect(body.items).toContainEqual(expect.objectContaining({ action: 'dataset.delete', resource: dataset }));
    expect((await vault.post('/datasets', { name: 'goes' })).status).toBe(201);
    expect((await vault.get<{ ok: boolean }>('/audit/verify')).body.ok).toBe(true);
  });

  it('is not deleted while something is coming into it', async () => {
    let refused: { status: number; code?: string } = { status: 204 };
    // Until the first bytes have arrived there is no import yet: then it goes, and another is tried a little later.
    for (let ms = 100; refused.status === 204 && ms < 10_000; ms *= 2) {
      const busy = await vault.newDataset();
      let end: () => void = () => undefined;
      const waiting = new Promise<void>((resolve) => (end = resolve));
      const lines = new ReadableStream({
        async start(controller) {
          controller.enqueue(Buffer.from('{"text":"one"}\n'));
          await waiting;
          controller.close();
        },
      });
      const importing = vault.importLines(busy, lines);
      await delay(ms);
      const { status, body } = await vault.ask<Problem>('DELETE', `/datasets/${busy}`);
      refused = { status, code: body.code };
      end();
      expect((await importing).status).toBe(status === 409 ? 201 : 404);
      if (status === 409) expect((await vault.ask('DELETE', `/datasets/${busy}`)).status).toBe(204);
    }
    expect(refused).toEqual({ status: 409, code: 'DATASET_IN_USE' });
  });
});

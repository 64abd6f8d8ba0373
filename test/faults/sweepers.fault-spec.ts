// What imports left behind is cleared while everybody works, and nothing is taken away that any version names.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { blobsOf } from '../support/commands.ts';
import { Stage, WHOLE } from './stage.ts';

const LINES = Array.from({ length: 200 }, (_, n) => `{"n":${n},"text":"line ${n % 150} of jane@example.org"}\n`).join(
  '',
);
const ROUNDS = 2;
const LOAD = { writers: 2, readers: 2, readsPerSecond: 20 };

describe('sweeping under load (F65)', () => {
  let stage: Stage;
  let place: string;
  /** Every version there was, and what it said then. */
  const versions = new Map<string, string>();
  beforeAll(async () => {
    stage = await Stage.open();
    place = mkdtempSync(join(tmpdir(), 'vault-backups-'));
  });
  afterAll(async () => {
    await stage.close();
    rmSync(place, { recursive: true });
  });

  async function seen(dataset: string): Promise<void> {
    const { body } = await stage.vault.get<{ items: { id: string }[] }>(`/datasets/${dataset}/commits?limit=100`);
    for (const { id } of body.items) {
      const path = `/datasets/${dataset}/export?ref=${id}`;
      if (!versions.has(path)) versions.set(path, (await stage.vault.get(path)).text);
    }
  }

  async function ended(job: string): Promise<unknown> {
    const { body } = await stage.vault.until<{ status: string; result: unknown }>(`/jobs/${job}`, (answer) =>
      ['completed', 'failed'].includes(answer.body.status),
    );
    expect(body.status).toBe('completed');
    return body.result;
  }

  /** A dataset with versions, branches, a merge, duplicates that were taken out, and an anonymized copy. */
  async function lived(): Promise<string[]> {
    const { vault } = stage;
    const dataset = await vault.newDataset();
    const path = `/datasets/${dataset}`;
    await vault.importLines(dataset, LINES);
    await vault.post(`${path}/branches`, { name: 'side' });
    await vault.importLines(dataset, '{"n":1000}\n', '?branch=side');
    await vault.importLines(dataset, '{"n":2000}\n{"n":2000}\n');
    expect((await vault.post(`${path}/merge`, { from: 'side' })).status).toBe(200);
    const { body: search } = await vault.post<{ job_id: string }>(`${path}/duplicates`, {});
    await ended(search.job_id);
    const { body: removal } = await vault.post<{ job_id: string }>(`${path}/duplicates/${search.job_id}/apply`, {});
    await ended(removal.job_id);
    const name = `copy ${performance.now()}`;
    const { body: copy } = await vault.post<{ job_id: string; dataset_id: string }>(`${path}/anonymize`, {
      name,
      strategy: 'hash',
    });
    await ended(copy.job_id);
    await vault.ask('DELETE', `${path}/branches/side`);
    return [dataset, copy.dataset_id];
  }

  /** An import that ends with its process. */
  async function abandoned(): Promise<void> {
    const { vault } = stage;
    const dataset = await vault.newDataset();
    // Two pieces come, of which a segment is made, and the third never does.
    const pieces = [LINES.repeat(500), LINES.repeat(500)];
    const stalled = new ReadableStream({
      async pull(controller) {
        const next = pieces.pop();
        if (next) controller.enqueue(new TextEncoder().encode(next));
        else await new Promise(() => undefined);
      },
    });
    void vault.importLines(dataset, stalled).catch(() => null);
    const begun = `SELECT 1 FROM segments s JOIN imports i ON i.dataset_id = s.dataset_id WHERE i.state = 'running'`;
    for (const deadline = Date.now() + 60_000; (await stage.sql(begun)).length === 0; await delay(200))
      if (Date.now() > deadline) throw new Error('the import that is to be abandoned does not begin');
    await vault.stop('SIGKILL');
    await stage.sql(`UPDATE imports SET lease_until = now() - interval '1 second' WHERE state = 'running'`);
    // What it finds when it begins is cleared at once.
    await stage.start();
  }

  it('with versions, branches, copies and backups on, every version is read afterwards as it was', async () => {
    const blobs = await blobsOf(stage.backing);
    const report = await stage.under(
      'sweeping under load (F65)',
      async () => {
        for (let round = 0; round < ROUNDS; round += 1) {
          for (const dataset of await lived()) await seen(dataset);
          const backup = stage.command('backup', 'create', '--to', place);
          await abandoned();
          await backup;
        }
      },
      undefined,
      LOAD,
    );
    expect(report).toMatchObject(WHOLE);

    const left = async (): Promise<number> =>
      (await stage.sql(`SELECT 1 FROM imports WHERE state = 'running' AND lease_until < now()`)).length;
    for (const deadline = Date.now() + 60_000; (await left()) > 0; await delay(200))
      if (Date.now() > deadline) throw new Error('imports whose process is gone are still there');
    const lost = await stage.sql(`SELECT 1 FROM imports WHERE state = 'failed' AND failure = 'PROCESS_LOST'`);
    expect(lost.length).toBeGreaterThanOrEqual(ROUNDS);

    const changed: string[] = [];
    for (const [path, then] of versions) if ((await stage.vault.get(path)).text !== then) changed.push(path);
    let objects = 0;
    for await (const _ of blobs.list('')) objects += 1;
    process.stdout.write(
      `read ${versions.size} versions out of ${objects} objects, ${changed.length} of them changed\n`,
    );
    expect([versions.size >= ROUNDS * 5, changed]).toEqual([true, []]);
    expect(JSON.parse(await stage.command('verify', '--deep', '--json'))).toMatchObject({ ok: true, damage: [] });
  }, 300_000);
});

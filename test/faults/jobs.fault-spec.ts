// Jobs whose worker dies, and jobs that the queue hands out again although they are done.
import { setTimeout as delay } from 'node:timers/promises';
import { Stage } from './stage.ts';

const LINES = 30_000;

interface Asked {
  job_id: string;
  dataset_id: string;
}

describe('a job', () => {
  let stage: Stage;
  let source: string;
  beforeAll(async () => {
    stage = await Stage.open();
    source = await stage.vault.newDataset();
    const lines = Array.from({ length: LINES }, (_, n) => JSON.stringify({ n, mail: `user${n}@example.org` }));
    expect((await stage.vault.importLines(source, lines.join('\n'))).status).toBe(201);
  });
  afterAll(() => stage.close());

  async function ask(): Promise<Asked> {
    const name = `copy ${performance.now()}`;
    const { status, body } = await stage.vault.post<Asked>(`/datasets/${source}/anonymize`, { name, strategy: 'hash' });
    expect(status).toBe(202);
    return body;
  }
  const done = (job: string): Promise<unknown> =>
    stage.vault.until<{ status: string }>(`/jobs/${job}`, ({ body }) => body.status === 'completed', 150);

  /** How often its effect is there: commits behind the empty first one, and the records they brought. */
  async function effects(dataset: string): Promise<[commits: number, records: number]> {
    const { body } = await stage.vault.get<{ items: unknown[] }>(`/datasets/${dataset}/commits`);
    const stats = await stage.vault.get<{ records: number }>(`/datasets/${dataset}/stats`);
    return [body.items.length - 1, stats.body.records];
  }

  it('whose worker is killed in the middle (F46) is taken over, and done once', async () => {
    const { job_id: job, dataset_id: dataset } = await ask();
    await stage.vault.until<{ status: string }>(`/jobs/${job}`, ({ body }) => body.status === 'running');
    await stage.vault.stop('SIGKILL');
    await stage.start();
    await done(job);
    expect(await effects(dataset)).toEqual([1, LINES]);
  });

  it('that is handed out again when it is done (F45) does nothing twice', async () => {
    const { job_id: job, dataset_id: dataset } = await ask();
    await done(job);
    const again = await stage.sql(
      `UPDATE pgboss.job SET state = 'created', started_on = NULL, completed_on = NULL, start_after = now()
        WHERE state = 'completed' RETURNING id`,
    );
    expect(again.length).toBeGreaterThan(0);
    const left = async (): Promise<number> =>
      (await stage.sql(`SELECT 1 FROM pgboss.job WHERE state IN ('created', 'retry', 'active')`)).length;
    for (const deadline = Date.now() + 60_000; (await left()) > 0; await delay(200))
      if (Date.now() > deadline) throw new Error('it hangs');
    expect(await effects(dataset)).toEqual([1, LINES]);
    expect((await stage.vault.get<{ status: string }>(`/jobs/${job}`)).body.status).toBe('completed');
  });
});

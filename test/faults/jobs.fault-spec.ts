// Jobs whose worker dies, jobs that the queue hands out again although they are done, and jobs that fail whenever tried.
import { setTimeout as delay } from 'node:timers/promises';
import { parseId } from '#kernel';
import { FAKETIME, Stage, WHOLE } from './stage.ts';

const LINES = 30_000;
const TRIES = 5;
/** More than may wait for the one thread there is. */
const FLOOD = 300;

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

  /** From now on the database refuses what is written to a dataset, whenever it is tried. */
  async function poison(dataset: string): Promise<void> {
    await stage.sql(`
      CREATE OR REPLACE FUNCTION public.poison() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'poison'; END $$;
      CREATE OR REPLACE TRIGGER poison BEFORE INSERT ON commits FOR EACH ROW
        WHEN (NEW.dataset_id = '${parseId('ds', dataset)}') EXECUTE FUNCTION public.poison()`);
  }
  const failures = (job: string): number =>
    stage.vault.log.filter(({ msg, job_id: id }) => msg === 'job failed' && id === parseId('job', job)).length;

  it('that fails whenever it is tried (F47) is given up after five tries, and others go on', async () => {
    const { job_id: job, dataset_id: dataset } = await ask();
    await poison(dataset);
    const report = await stage.under('a poison job (F47)', async () => {
      const other = await ask();
      await done(other.job_id);
      expect(await effects(other.dataset_id)).toEqual([1, LINES]);
      await stage.vault.until<{ status: string }>(`/jobs/${job}`, ({ body }) => body.status === 'failed', 150);
    });
    const { body } = await stage.vault.get<{ failure: string }>(`/jobs/${job}`);
    expect([body.failure, failures(job), await effects(dataset)]).toEqual(['INTERNAL_ERROR', TRIES, [0, 0]]);
    expect(report).toMatchObject(WHOLE);
  }, 240_000);

  it('that waits for its next try while the clock jumps by hours (F49) is done, once', async () => {
    const { job_id: job, dataset_id: dataset } = await ask();
    await poison(dataset);
    while (failures(job) < 2) await delay(100);
    await stage.vault.stop('SIGKILL');
    await stage.sql('DROP TRIGGER poison ON commits');
    await stage.start({ env: { LD_PRELOAD: FAKETIME, FAKETIME: '+3h', FAKETIME_DONT_FAKE_MONOTONIC: '1' } });
    const report = await stage.under('the clock jumps during a delay (F49)', async () => {
      await done(job);
    });
    expect(await effects(dataset)).toEqual([1, LINES]);
    expect(report).toMatchObject(WHOLE);
    await stage.vault.stop('SIGKILL');
    await stage.start();
  }, 240_000);

  it('of which there are more than may wait (F49) is refused with a time to come again, and none is dropped', async () => {
    const text = 'call jane@example.org or 555-0100, '.repeat(3000);
    const report = await stage.under('a queue that is full (F49)', async () => {
      const answers = await Promise.all(Array.from({ length: FLOOD }, () => stage.vault.post('/pii/detect', { text })));
      const refused = answers.filter(({ status }) => status === 503);
      expect(answers.filter(({ status }) => status === 200).length + refused.length).toBe(FLOOD);
      expect([refused.length > 0, refused.every(({ headers }) => headers.has('retry-after'))]).toEqual([true, true]);
      process.stdout.write(`${refused.length} of ${FLOOD} were refused\n`);
      expect((await stage.vault.post('/pii/detect', { text: 'jane@example.org' })).status).toBe(200);
    });
    expect(report).toMatchObject(WHOLE);
  });
});

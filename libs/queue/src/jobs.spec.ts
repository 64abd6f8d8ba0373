import { setTimeout as delay } from 'node:timers/promises';
import { Entity, PrimaryColumn } from 'typeorm';
import { type Database, databaseConfig, DatabaseUnavailable, openDatabase } from '#database';
import { BadCursor, currentContext, newId, type Principal, SilentLog, toCursor } from '#kernel';
import { kinds, openTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts';
import { migrateQueue, PgBossJobQueue } from './adapters/pg-boss.job-queue.ts';
import { Job } from './job.entity.ts';
import { DEAD, TRIES, WorkGate } from './job-queue.ts';
import { JobsService, type RunningJob } from './jobs.service.ts';
import { Outbox } from './outbox.ts';
import { OutboxEvent } from './outbox-event.entity.ts';
import { JobCancelled, JobFinished, JobNotFound } from './queue.errors.ts';

/** As much of a tenant as the foreign keys of this room's rows need; the whole of it belongs to another room. */
@Entity({ name: 'tenants' })
class Tenant {
  @PrimaryColumn('uuid')
  id: string;
}

const KINDS = [
  'once',
  'flaky',
  'poison',
  'refused',
  'slow',
  'rolled-back',
  'watched',
  'deadly',
  'gated',
  'left',
  'long',
  'late',
];
const log = new SilentLog();

async function until(true_: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 100_000;
  while (!(await true_())) {
    if (Date.now() > deadline) throw new Error('it did not come');
    await delay(25);
  }
}

describe.each(kinds)('jobs on %s', (kind) => {
  let place: TestDatabase;
  let database: Database;
  let queue: PgBossJobQueue;
  let jobs: JobsService;
  const caller: Principal = { id: newId(), tenantId: newId(), permissions: new Set() };
  const stranger: Principal = { id: newId(), tenantId: newId(), permissions: new Set() };

  beforeAll(async () => {
    place = await openTestDatabase(kind, [Tenant, Job, OutboxEvent]);
    database = place.database;
    await Promise.all([1, 2, 3, 4].map(() => migrateQueue(place.opened.statement)));
    for (const { tenantId } of [caller, stranger]) {
      await database.inTenant(tenantId, () =>
        database.query(`INSERT INTO tenants (id, slug, name) VALUES ($1, $2, 'One')`, [tenantId, tenantId]),
      );
    }
    queue = await PgBossJobQueue.start(database, KINDS, log);
    jobs = new JobsService(database, queue, log);
  });
  afterAll(async () => {
    await queue.stop();
    await place.close();
  });

  const ask = (name: string, parameters: Record<string, unknown> = {}): Promise<Job> =>
    database.inTenant(caller.tenantId, () => jobs.ask(caller, name, parameters));
  const finished = async (id: string): Promise<Job> => {
    await until(async () => (await jobs.get(caller, id)).finishedAt !== null);
    return jobs.get(caller, id);
  };
  const messages = (name: string): Promise<{ id: string; state: string; data: unknown; retry_count: number }[]> =>
    place.opened.statement(`SELECT id, state::text, data, retry_count FROM pgboss.job WHERE name = $1`, [
      name,
    ]) as never;
  /** Retries are seconds apart; nobody wants to wait for that here. */
  const hurry = (name: string): Promise<unknown> =>
    place.opened.statement(
      `UPDATE pgboss.job SET start_after = now() - interval '1 second' WHERE name = $1 AND state = 'retry'`,
      [name],
    );

  it('the queue is installed once by many at once, and may be installed again', async () => {
    await migrateQueue(place.opened.statement);
  });

  it('a job is done, and its row says what came of it', async () => {
    const seen: unknown[] = [];
    await jobs.serve('once', async ({ job, signal, progress }) => {
      seen.push(job.parameters, signal.aborted, currentContext()?.requestId === job.id, job.state);
      await progress(5, 10);
      await progress(10, 10);
      return { answer: 42 };
    });
    const job = await ask('once', { datasetId: 'ds_1' });
    expect(job).toMatchObject({
      state: 'queued',
      kind: 'once',
      done: 0,
      total: null,
      result: null,
      createdBy: caller.id,
    });
    expect(await finished(job.id)).toMatchObject({
      state: 'completed',
      result: { answer: 42 },
      done: 10,
      total: 10,
      failure: null,
    });
    expect(seen).toEqual([{ datasetId: 'ds_1' }, false, true, 'running']);
  });

  it('invariant 1: a message says which job, and nothing else', async () => {
    const job = await ask('watched', { secret: 'never in a message' });
    expect((await messages('watched')).map(({ data }) => data)).toEqual([{ jobId: job.id, tenantId: caller.tenantId }]);
  });

  it('a job that is asked for in a transaction that fails is never there', async () => {
    let done = 0;
    await jobs.serve('rolled-back', async () => ({ done: (done += 1) }));
    const asking = database.inTenant(caller.tenantId, async () => {
      await jobs.ask(caller, 'rolled-back', {});
      expect(await database.query('SELECT 1 FROM jobs WHERE kind = $1', ['rolled-back'])).toHaveLength(1);
      throw new Error('changed my mind');
    });
    await expect(asking).rejects.toThrow('changed my mind');
    expect(await messages('rolled-back')).toEqual([]);
    expect(done).toBe(0);
  });

  it('asking while the queue is polled and others ask does not wait for itself', async () => {
    const asked = await Promise.all(Array.from({ length: 20 }, () => ask('once')));
    for (const { id } of asked) expect(await finished(id)).toMatchObject({ state: 'completed' });
  });

  it('a message that comes twice does its job once', async () => {
    const job = await ask('once');
    await finished(job.id);
    const before = (await jobs.get(caller, job.id)).finishedAt;
    await database.inTenant(caller.tenantId, () => queue.enqueue('once', { jobId: job.id, tenantId: caller.tenantId }));
    await until(async () => (await messages('once')).every(({ state }) => state === 'completed'));
    expect((await jobs.get(caller, job.id)).finishedAt).toEqual(before);
  });

  it('a job that fails is tried again, and its row says so meanwhile', async () => {
    let tries = 0;
    const states: string[] = [];
    await jobs.serve('flaky', async ({ job }) => {
      tries += 1;
      states.push(job.state);
      if (tries === 1) throw new Error('not now');
      if (tries === 2) throw new DatabaseUnavailable();
      return { tries };
    });
    const job = await ask('flaky');
    await until(async () => {
      await hurry('flaky');
      return (await jobs.get(caller, job.id)).finishedAt !== null;
    });
    expect(await finished(job.id)).toMatchObject({ state: 'completed', result: { tries: 3 } });
    expect(states).toEqual(['running', 'running', 'running']);
  });

  it('a poison job ends as failed after its tries, and others go on', async () => {
    let tries = 0;
    await jobs.serve('poison', async () => {
      tries += 1;
      throw new TypeError('always, with a value of the user in it');
    });
    const job = await ask('poison');
    await until(async () => {
      await hurry('poison');
      return (await jobs.get(caller, job.id)).finishedAt !== null;
    });
    expect(await finished(job.id)).toMatchObject({ state: 'failed', failure: 'INTERNAL_ERROR', result: null });
    expect(tries).toBe(TRIES);
    expect(await finished((await ask('once')).id)).toMatchObject({ state: 'completed' });
  });

  it('a job that is refused for good is not tried again', async () => {
    let tries = 0;
    await jobs.serve('refused', async () => {
      tries += 1;
      throw new JobNotFound();
    });
    expect(await finished((await ask('refused')).id)).toMatchObject({ state: 'failed', failure: 'JOB_NOT_FOUND' });
    expect(tries).toBe(1);
  });

  it('a job whose process is lost at every try ends as failed', async () => {
    await jobs.serve('once', async () => ({}));
    const job = await ask('deadly');
    // As the queue sees it: taken by a worker that never answered again, for the last time.
    await place.opened.statement(
      `UPDATE pgboss.job SET state = 'active', started_on = now() - interval '1 day', heartbeat_on = now() - interval '1 day',
              retry_count = retry_limit WHERE name = 'deadly'`,
    );
    await database.inTenant(caller.tenantId, () => database.repository(Job).update(job.id, { state: 'running' }));
    expect(await finished(job.id)).toMatchObject({ state: 'failed', failure: 'PROCESS_LOST' });
    expect((await messages(DEAD)).map(({ data }) => data)).toContainEqual({ jobId: job.id, tenantId: caller.tenantId });
  });

  it("invariant 3: a job is nobody else's", async () => {
    const job = await ask('watched');
    await expect(jobs.get(stranger, job.id)).rejects.toMatchObject({ code: 'job-not-found' });
    expect((await jobs.list(stranger, 10)).items).toEqual([]);
  });

  it('jobs are listed newest first, page by page', async () => {
    const all = (await jobs.list(caller, 100)).items.map(({ id }) => id);
    const paged: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await jobs.list(caller, 3, cursor);
      paged.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(paged).toEqual(all);
    expect(all).toEqual([...all].sort().reverse());
  });

  it.each(['nonsense', toCursor(['not an id']), toCursor([7]), toCursor([newId(), newId()])])(
    'the cursor %s is refused',
    async (cursor) => {
      await expect(jobs.list(caller, 3, cursor)).rejects.toThrow(BadCursor);
    },
  );

  it('an event is told with what happened, or not at all', async () => {
    const outbox = new Outbox(database);
    await database.inTenant(caller.tenantId, () => outbox.tell(caller.tenantId, 'dataset.created', { id: 'ds_1' }));
    await database
      .inTenant(caller.tenantId, async () => {
        await outbox.tell(caller.tenantId, 'dataset.created', { id: 'ds_2' });
        throw new Error('changed my mind');
      })
      .catch(() => undefined);
    const told = await database.inTenant(caller.tenantId, () => database.repository(OutboxEvent).find());
    expect(told.map(({ payload }) => payload)).toEqual([{ id: 'ds_1' }]);
  });

  it("the server's role may put messages in, and nothing else", async () => {
    if (kind === 'postgres-owner') return;
    const reading = database.inTenant(caller.tenantId, () => database.query('SELECT data FROM pgboss.job_common'));
    await expect(reading).rejects.toThrow('permission denied');
    const taking = database.inTenant(caller.tenantId, () => database.query('DELETE FROM pgboss.job_common'));
    await expect(taking).rejects.toThrow('permission denied');
  });

  it('stopping tells running work to end, waits for it, and counts no try', async () => {
    const other = await PgBossJobQueue.start(database, KINDS, log);
    const served = new JobsService(database, other, log);
    let ended = false;
    let running: RunningJob | undefined;
    await served.serve('slow', async (work) => {
      running = work;
      await new Promise((resolve) => work.signal.addEventListener('abort', resolve));
      await delay(100);
      ended = true;
      throw work.signal.reason;
    });
    const job = await ask('slow');
    await until(() => running !== undefined);
    const start = Date.now();
    await other.stop();
    expect(ended).toBe(true);
    // Not because it ran out of its patience of 20 s.
    expect(Date.now() - start).toBeLessThan(19_000);
    expect(await jobs.get(caller, job.id)).toMatchObject({ state: 'queued', finishedAt: null });
    const waiting = (await messages('slow')).filter(({ state }) => state === 'created');
    expect(waiting).toMatchObject([{ data: { jobId: job.id, tenantId: caller.tenantId }, retry_count: 0 }]);

    await jobs.serve('slow', async () => ({ by: 'another' }));
    expect(await finished(job.id)).toMatchObject({ state: 'completed', result: { by: 'another' } });
  });

  it('a job that is cancelled while it runs ends, publishes nothing, and is not tried again', async () => {
    let [begun, why]: [number, unknown] = [0, null];
    await jobs.serve('long', async ({ signal }) => {
      begun += 1;
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      why = signal.reason;
      throw signal.reason;
    });
    const job = await ask('long');
    await until(() => begun === 1);
    const told: string[] = [];
    const tell = async ({ state }: Job): Promise<void> => void told.push(state);
    await expect(jobs.cancel(stranger, job.id, tell)).rejects.toThrow(JobNotFound);
    expect(await jobs.cancel(caller, job.id, tell)).toMatchObject({ state: 'cancelled', finishedAt: expect.any(Date) });
    await until(() => why !== null);
    expect(why).toBeInstanceOf(JobCancelled);
    await until(async () => (await messages('long')).every(({ state }) => state === 'completed'));
    expect(await jobs.cancel(caller, job.id, tell)).toMatchObject({ state: 'cancelled', failure: null });
    expect([begun, told]).toEqual([1, ['running']]);
  });

  it('a job that is cancelled just before it publishes does not, and one that has published cannot be', async () => {
    const outcomes: unknown[] = [];
    await jobs.serve('late', async ({ job, complete }) => {
      if (job.parameters['cancel']) await jobs.cancel(caller, job.id, async () => undefined);
      const publish = (): Promise<void> => database.inTenant(caller.tenantId, () => complete({ made: true }));
      await publish().then(
        () => outcomes.push('published'),
        (error) => {
          outcomes.push(error);
          throw error;
        },
      );
      // Between what was published and the end of the handler.
      await expect(jobs.cancel(caller, job.id, async () => undefined)).rejects.toThrow(JobFinished);
      return {};
    });
    const [one, other] = [await ask('late', { cancel: true }), await ask('late')];
    expect(await finished(other.id)).toMatchObject({ state: 'completed', result: { made: true } });
    expect(await jobs.get(caller, one.id)).toMatchObject({ state: 'cancelled' });
    expect(outcomes).toEqual([expect.any(JobCancelled), 'published']);
    await expect(jobs.cancel(caller, other.id, async () => undefined)).rejects.toThrow(JobFinished);
  });

  it('a job begins only when the gate is open, and waits for that as one that nobody has begun', async () => {
    let open: (() => void) | undefined;
    const opened = new Promise<void>((resolve) => (open = resolve));
    let asked = 0;
    class Gate extends WorkGate {
      override get isOpen(): boolean {
        return false;
      }
      override passed(): Promise<void> {
        asked += 1;
        return opened;
      }
    }
    const guarded = await PgBossJobQueue.start(database, KINDS, log, { gate: new Gate() });
    const served = new JobsService(database, guarded, log);
    let begun = 0;
    await served.serve('gated', async () => ({ begun: (begun += 1) }));
    const job = await ask('gated');
    await until(() => asked > 0);
    await delay(200);
    expect([begun, (await jobs.get(caller, job.id)).state]).toEqual([0, 'queued']);
    open!();
    expect(await finished(job.id)).toMatchObject({ state: 'completed', result: { begun: 1 } });
    await guarded.stop();
  });

  it('a process that takes no work leaves what it asks for to others', async () => {
    const asking = await PgBossJobQueue.start(database, KINDS, log, { takesWork: false });
    await new JobsService(database, asking, log).serve('left', async () => ({ by: 'the wrong one' }));
    const job = await ask('left');
    await delay(1500);
    expect((await jobs.get(caller, job.id)).state).toBe('queued');
    await jobs.serve('left', async () => ({ by: 'another' }));
    expect(await finished(job.id)).toMatchObject({ result: { by: 'another' } });
    await asking.stop();
  });

  it('invariant 2: a job survives the end of its process', async () => {
    if (kind !== 'embedded') return;
    const job = await ask('watched');
    await queue.stop();
    await place.opened.close();
    const opened = await openDatabase(databaseConfig.parse({}), place.dataDir, [Tenant, Job, OutboxEvent], log);
    try {
      const reopened = await opened.ready();
      const started = await PgBossJobQueue.start(reopened, KINDS, log);
      const again = new JobsService(reopened, started, log);
      await again.serve('watched', async () => ({}));
      await until(async () => (await again.get(caller, job.id)).state === 'completed');
      await started.stop();
    } finally {
      await opened.close();
    }
  });
});

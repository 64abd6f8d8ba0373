import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { newId, SilentLog } from '#kernel';
import { holdTimers, untilSo } from '../../../test/support/held-timers.ts';
import { asSuperuser, hasServer, openTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts';
import { EmbeddedPostgres } from './adapters/pglite.ts';
import { PgliteStream } from './adapters/pglite.stream.ts';
import { type DatabaseConfig, databaseConfig } from './database.config.ts';
import type { Database } from './database.ts';
import { openDatabase } from './open-database.ts';

const CHILD = join(__dirname, '../../../test/support/database.child.ts');

function open(config: Partial<DatabaseConfig>, dataDir: string): ReturnType<typeof openDatabase> {
  return openDatabase({ ...databaseConfig.parse({}), ...config }, dataDir, [], new SilentLog());
}

function child(...args: string[]): ChildProcess & { said: () => string } {
  // Compiled quickly, as servers compile it: each is there for a moment only.
  const process_ = spawn(process.execPath, ['--liftoff-only', '--conditions=source', CHILD, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  process_.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return Object.assign(process_, { said: () => said });
}

async function kill(victim: ChildProcess): Promise<void> {
  const gone = once(victim, 'close');
  victim.kill('SIGKILL');
  await gone;
}

describe('the embedded database', () => {
  let place: TestDatabase;
  beforeAll(async () => {
    place = await openTestDatabase('embedded', []);
    await place.opened.close();
  });
  afterAll(() => place.close().catch(() => undefined));

  it('invariant 2: gives back every acknowledged row after kill -9 of its process, five times', async () => {
    const acknowledged: string[] = [];
    for (let round = 0; round < 5; round += 1) {
      const writer = child('write', '', place.dataDir);
      // Somewhere in the midst of it, however slow the machine is.
      await untilSo(() => writer.said().split('\n').length > 3 + 10 * round);
      await kill(writer);
      // What was printed whole was acknowledged.
      acknowledged.push(...writer.said().split('\n').slice(0, -1));
    }
    const opened = await open({}, place.dataDir);
    try {
      const rows = await opened.dataSource.query<{ id: string; whole: boolean }[]>(
        `SELECT id, length(payload ->> 'text') = 2000 AS whole FROM outbox_events`,
      );
      const found = new Set(rows.filter(({ whole }) => whole).map(({ id }) => id));
      expect(acknowledged.length).toBeGreaterThan(100);
      expect(acknowledged.filter((id) => !found.has(id))).toEqual([]);
      // And nothing beyond what was acknowledged, but for the row under way at each kill.
      expect(rows.length - acknowledged.length).toBeLessThanOrEqual(5);
    } finally {
      await opened.close();
    }
  });

  it('writes through to the disk before it acknowledges', async () => {
    const opened = await open({}, place.dataDir);
    const [row] = await opened.dataSource.query<{ fsync: string; method: string }[]>(
      `SELECT current_setting('fsync') AS fsync, current_setting('wal_sync_method') AS method`,
    );
    await opened.close();
    expect(row).toEqual({ fsync: 'on', method: 'fsync' });
  });

  describe('its folder', () => {
    it('belongs to one process at a time, and is free after kill -9', async () => {
      const holder = child('hold', '', place.dataDir);
      await untilSo(() => holder.said().includes('open'));
      await expect(open({}, place.dataDir)).rejects.toMatchObject({ code: 'data-dir-in-use' });
      await kill(holder);
      await (await open({}, place.dataDir)).close();
    });

    it('belongs to one process at a time also between containers, which have networks of their own', async () => {
      const holder = child('hold', '', place.dataDir);
      await untilSo(() => holder.said().includes('open'));
      const args = [
        '--net',
        '--map-root-user',
        process.execPath,
        '--conditions=source',
        CHILD,
        'hold',
        '',
        place.dataDir,
      ];
      const other = spawnSync('unshare', args, { encoding: 'utf8', timeout: 60_000 });
      await kill(holder);
      // Not every machine lets us make one.
      if (other.status !== null && !/unshare/.test(other.stderr)) expect(other.stdout.trim()).toBe('data-dir-in-use');
    });

    it('belongs to one opener inside a process too', async () => {
      const opened = await open({}, place.dataDir);
      await expect(open({}, place.dataDir)).rejects.toMatchObject({ code: 'data-dir-in-use' });
      await opened.close();
      await (await open({}, place.dataDir)).close();
    });

    it('is let go when opening fails', async () => {
      const dataDir = mkdtempSync(join(tmpdir(), 'vault-database-'));
      writeFileSync(join(dataDir, 'pg'), 'no folder');
      await expect(open({}, dataDir)).rejects.not.toMatchObject({ code: 'data-dir-in-use' });
      await expect(open({}, dataDir)).rejects.not.toMatchObject({ code: 'data-dir-in-use' });
      rmSync(dataDir, { recursive: true });
    });
  });

  describe('when its thread is gone', () => {
    it('fails what waits and what comes, and says that it is unavailable', async () => {
      const opened = await open({}, place.dataDir);
      const database = await opened.ready();
      const waiting = database.withoutTenant({}, () =>
        database.query(
          'WITH RECURSIVE endless AS (SELECT 1 UNION ALL SELECT 1 FROM endless) SELECT count(*) FROM endless',
        ),
      );
      waiting.catch(() => undefined);
      await delay(100);
      await stopThread(opened);
      await expect(waiting).rejects.toMatchObject({ code: 'database-unavailable' });
      await expect(database.ping()).rejects.toMatchObject({ code: 'database-unavailable' });
      await opened.close();
    });
  });
});

/** Ends the thread under an opened database as a failure of its own would. */
async function stopThread(opened: Awaited<ReturnType<typeof openDatabase>>): Promise<void> {
  const { master } = opened.dataSource.driver as unknown as { master: { options: { stream: () => PgliteStream } } };
  const { db } = master.options.stream() as unknown as { db: { worker: { terminate(): Promise<number> } } };
  await db.worker.terminate();
}

it('a transaction that was forgotten on the embedded database ends, and others go on', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'vault-database-'));
  const embedded = await EmbeddedPostgres.open(join(dataDir, 'pg'));
  const { Client } = await import('pg');
  const session = (): InstanceType<typeof Client> =>
    new Client({ user: 'postgres', database: 'postgres', stream: () => new PgliteStream(embedded, 200) as never });
  holdTimers();
  const forgetful = session();
  const broken = once(forgetful, 'error');
  // The end of the stream is a second one.
  forgetful.on('error', () => undefined);
  await forgetful.connect();
  await forgetful.query('CREATE TABLE things (id int)');
  await forgetful.query('BEGIN');
  await forgetful.query('INSERT INTO things VALUES (1)');
  // Slower than the limit, but busy: that is not forgetting.
  let answer: () => void = () => undefined;
  const isSlow = new Promise<void>((resolve) => (answer = resolve));
  const exchange = embedded.exchange.bind(embedded);
  let asked = false;
  embedded.exchange = async (message) => {
    const reply = await exchange(message);
    asked = true;
    await isSlow;
    return reply;
  };
  const busy = forgetful.query('SELECT 1');
  await untilSo(() => asked);
  jest.advanceTimersByTime(1000);
  answer();
  await busy;
  try {
    jest.advanceTimersByTime(199);
    await forgetful.query('SELECT 1');
    jest.advanceTimersByTime(200);
    const [error] = (await broken) as [Error];
    expect(error.message).toContain('idle in transaction');

    const next = session();
    await next.connect();
    expect((await next.query('SELECT * FROM things')).rows).toEqual([]);
    await next.end();
  } finally {
    jest.useRealTimers();
    await embedded.close();
    rmSync(dataDir, { recursive: true });
  }
});

if (!hasServer) {
  it('is tried with faults of PostgreSQL where TEST_DATABASE_URL names one: node scripts/services.ts start DIR postgres', () => {
    expect(hasServer).toBe(false);
  });
} else {
  /** Stands between us and PostgreSQL, and can break what goes through. */
  class Between {
    silent = false;
    private readonly sockets = new Set<Socket>();
    private readonly server: Server;
    private constructor(to: URL) {
      this.server = createServer((from) => {
        const on = connect(Number(to.port), to.hostname);
        for (const [one, other] of [
          [from, on],
          [on, from],
        ] as const) {
          this.sockets.add(one);
          one.on('data', (chunk) => this.silent || other.write(chunk));
          one.on('close', () => other.destroy());
          one.on('error', () => other.destroy());
        }
      });
    }
    static async start(url: string): Promise<{ between: Between; url: string }> {
      const between = new Between(new URL(url));
      await new Promise<void>((resolve) => between.server.listen(0, '127.0.0.1', resolve));
      const { port } = between.server.address() as { port: number };
      return { between, url: Object.assign(new URL(url), { port: String(port) }).href };
    }
    cut(): void {
      for (const socket of this.sockets) socket.destroy();
      this.sockets.clear();
    }
    stop(): void {
      this.cut();
      this.server.close();
    }
  }

  describe('faults of PostgreSQL', () => {
    const tenant = newId();
    let place: TestDatabase;
    let between: Between;
    let opened: Awaited<ReturnType<typeof openDatabase>>;
    let database: Database;
    beforeAll(async () => {
      place = await openTestDatabase('postgres', []);
      const started = await Between.start(place.config.url!);
      between = started.between;
      opened = await open({ url: started.url, max_connections: 3, connect_timeout_seconds: 30 }, '');
      database = await opened.ready();
      await database.inTenant(tenant, () =>
        database.query('INSERT INTO tenants (id, slug, name) VALUES ($1, $2, $2)', [tenant, tenant]),
      );
    });
    afterAll(async () => {
      await opened.close();
      between.stop();
      await place.close();
    });

    const one = (): Promise<unknown> => database.inTenant(tenant, () => database.query('SELECT 1 AS one'));
    const unavailable = { code: 'database-unavailable', kind: 'unavailable', retryAfter: 1 };

    it('a connection that is cut in a transaction fails that one, and the next goes on', async () => {
      const cut = database.inTenant(tenant, async () => {
        await database.query('SELECT 1');
        between.cut();
        await database.query('SELECT 1');
      });
      await expect(cut).rejects.toMatchObject(unavailable);
      expect(await one()).toEqual([{ one: 1 }]);
    });

    it('pooled connections that die while nobody uses them do not end the process', async () => {
      await Promise.all([one(), one(), one()]);
      between.cut();
      await untilSo(() => database.poolStats().idle === 0);
      expect(await one()).toEqual([{ one: 1 }]);
      expect(await database.statement('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    });

    it('a backend that is terminated is unavailable, and not an inner failure', async () => {
      const terminated = database.inTenant(tenant, async () => {
        const [row] = await database.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
        await asSuperuser((client) => client.query('SELECT pg_terminate_backend($1)', [row!.pid]));
        await delay(50);
        await database.query('SELECT 1');
      });
      await expect(terminated).rejects.toMatchObject(unavailable);
      expect(await one()).toEqual([{ one: 1 }]);
    });

    it('a pool that is used up is unavailable after the time to connect', async () => {
      const other = await open({ url: place.config.url!, max_connections: 3, connect_timeout_seconds: 5 }, '');
      try {
        const used = await other.ready();
        let free: () => void = () => undefined;
        const held = new Promise<void>((resolve) => (free = resolve));
        const holders = [1, 2, 3].map(() => used.inTenant(tenant, () => held));
        await untilSo(() => used.poolStats().active === 3);
        expect(used.poolStats()).toMatchObject({ active: 3, idle: 0, max: 3 });
        await expect(used.ping()).rejects.toMatchObject(unavailable);
        free();
        await Promise.all(holders);
        await used.ping();
      } finally {
        await other.close();
      }
    });

    it('a lock that somebody else holds is given up after some seconds', async () => {
      await asSuperuser(async (client) => {
        await client.query('BEGIN');
        await client.query('LOCK TABLE outbox_events');
        const waiting = database.inTenant(tenant, () => database.query('SELECT * FROM outbox_events'));
        await expect(waiting).rejects.toMatchObject(unavailable);
        await client.query('ROLLBACK');
      }, new URL(place.config.url!).pathname.slice(1));
    });

    it('a deadlock fails one of the two as unavailable, and the other goes on', async () => {
      const ids = [newId(), newId()];
      const insert = `INSERT INTO outbox_events (id, tenant_id, topic, payload) VALUES ($1, $2, 'a', '{}')`;
      for (const id of ids) await database.inTenant(tenant, () => database.query(insert, [id, tenant]));
      let arrived = 0;
      const crossing = (order: string[]): Promise<unknown> =>
        database.inTenant(tenant, async () => {
          await database.query('UPDATE outbox_events SET topic = $1 WHERE id = $2', ['b', order[0]]);
          arrived += 1;
          await untilSo(() => arrived === 2);
          await database.query('UPDATE outbox_events SET topic = $1 WHERE id = $2', ['b', order[1]]);
        });
      const results = await Promise.allSettled([crossing(ids), crossing(ids.toReversed())]);
      expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      const { reason } = results.find((result) => result.status === 'rejected') as PromiseRejectedResult;
      expect(reason).toMatchObject(unavailable);
    });

    it('a database that goes read-only refuses writes as unavailable, and is still read', async () => {
      const name = new URL(place.config.url!).pathname.slice(1);
      await asSuperuser((client) => client.query(`ALTER DATABASE ${name} SET default_transaction_read_only = on`));
      between.cut();
      await untilSo(() => database.poolStats().idle === 0);
      const insert = `INSERT INTO outbox_events (id, tenant_id, topic, payload) VALUES ($1, $2, 'a', '{}')`;
      await expect(database.inTenant(tenant, () => database.query(insert, [newId(), tenant]))).rejects.toMatchObject(
        unavailable,
      );
      expect(await one()).toEqual([{ one: 1 }]);
      await asSuperuser((client) => client.query(`ALTER DATABASE ${name} RESET default_transaction_read_only`));
      between.cut();
      await untilSo(() => database.poolStats().idle === 0);
    });

    it('a server that falls silent is unavailable, and its connections are not used again', async () => {
      const { between: quiet, url } = await Between.start(place.config.url!);
      const other = await open({ url, max_connections: 2, connect_timeout_seconds: 5 }, '');
      try {
        const asking = await other.ready();
        // As the server would after its own limits; the test does not wait for half a minute.
        type Client = { connectionParameters: { query_timeout: number } };
        const { master } = other.dataSource.driver as unknown as {
          master: { on(event: 'acquire', on: (client: Client) => void): void };
        };
        let used: Client;
        master.on('acquire', (client) => (used = client));
        const backend = 'SELECT pg_backend_pid() AS pid';
        const pids: { pid: number }[] = [];
        const work = asking.inTenant(tenant, async () => {
          pids.push(...(await asking.query<{ pid: number }>(backend)));
          quiet.silent = true;
          used.connectionParameters.query_timeout = 300;
          await asking.query('SELECT 1');
        });
        await expect(work).rejects.toMatchObject(unavailable);
        await expect(asking.ping()).rejects.toMatchObject(unavailable);
        quiet.silent = false;
        await asking.ping();
        const [later] = await asking.inTenant(tenant, () => asking.query<{ pid: number }>(backend));
        expect(later!.pid).not.toBe(pids[0]!.pid);
      } finally {
        await other.close();
        quiet.stop();
      }
    });

    it('a server that is not there is unavailable from the start', async () => {
      const nobody = open({ url: 'postgres://vault:none@127.0.0.1:1/vault', connect_timeout_seconds: 1 }, '');
      await expect(nobody).rejects.toMatchObject(unavailable);
    });

    it('invariant 2: a transaction whose connection breaks before its COMMIT is not taken for done', async () => {
      const cut = database.inTenant(tenant, async () => {
        await database.query('SELECT 1');
        between.cut();
        await delay(50);
      });
      await expect(cut).rejects.toMatchObject(unavailable);
    });

    it('a password that is not the right one is unavailable, and its cause does not repeat it', async () => {
      const url = Object.assign(new URL(place.config.url!), { password: 'wrong-horse' }).href;
      const error = await open({ url }, '').catch((reason: Error) => reason);
      expect(error).toMatchObject(unavailable);
      expect(String((error as Error).cause)).toContain('password authentication failed');
      expect(JSON.stringify(error) + String((error as Error).cause)).not.toContain('wrong-horse');
    });
  });
}

// PostgreSQL goes away, hangs, slows down, fills up and comes back.
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { Stage, WHOLE } from './stage.ts';

describe('with PostgreSQL', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open({ env: { VAULT__DATABASE__MAX_CONNECTIONS: '10' } });
  });
  afterAll(() => stage.close());

  /** The vault's database as the superuser, past the proxy. */
  const ofVault = (): string =>
    Object.assign(new URL(stage.facts['TEST_DATABASE_SUPERUSER_URL']!), {
      pathname: new URL(stage.backing.databaseUrl!).pathname,
    }).href;
  async function deadlocks(): Promise<number> {
    await delay(1500);
    const [row] = await stage.sql<{ count: number }>(
      'SELECT deadlocks::int AS count FROM pg_stat_database WHERE datname = current_database()',
    );
    return row!.count;
  }

  it.each([
    ['stopped and started (F15)', 'SIGINT'],
    ['stopped at once (F15)', 'SIGQUIT'],
    ['killed (F15)', 'SIGKILL'],
  ] as const)('%s, nothing is lost, and the vault lives', async (name, signal) => {
    const report = await stage.under(
      `PostgreSQL ${name}`,
      async () => {
        await stage.stopService('postgres', signal);
        await delay(1000);
        expect((await stage.vault.get('/health/live')).status).toBe(200);
        const refused = await stage.vault.post('/datasets', { name: 'while it is away' });
        expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, expect.any(String)]);
      },
      () => stage.startService('postgres'),
    );
    expect(report).toMatchObject(WHOLE);
    expect(report.recoveryMs).not.toBeNull();
  });

  it('whose sessions are ended one by one (F16), nothing is lost', async () => {
    const report = await stage.under('backends terminated (F16)', async () => {
      for (let round = 0; round < 20; round += 1) {
        await stage.sql(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE datname = current_database() AND pid <> pg_backend_pid() ORDER BY random() LIMIT 1`,
        );
        await delay(100);
      }
    });
    expect(report).toMatchObject(WHOLE);
  });

  it('whose answers are cut off (F17), what was done once is not done twice', async () => {
    const report = await stage.under(
      'answers cut (F17)',
      async () => {
        for (let round = 0; round < 10; round += 1) {
          stage.database.become({ kind: 'cut-answer', after: 2000 + Math.floor(Math.random() * 20_000) });
          await delay(300);
        }
      },
      async () => stage.database.become({ kind: 'none' }),
    );
    expect(report).toMatchObject(WHOLE);
  });

  it('800 ms away (F18), it is slow and goes on', async () => {
    const report = await stage.under(
      '800 ms more (F18)',
      async () => {
        stage.database.become({ kind: 'delay', ms: 800 });
        await delay(6000);
        expect((await stage.vault.get('/health/live')).status).toBe(200);
      },
      async () => stage.database.become({ kind: 'none' }),
    );
    expect(report).toMatchObject(WHOLE);
  });

  it('behind a black hole (F19), the vault says that it is not ready, and is again', async () => {
    const report = await stage.under(
      'black hole (F19)',
      async () => {
        stage.database.become({ kind: 'black-hole' });
        await stage.vault.until('/health/ready', ({ status }) => status === 503, 15);
        expect((await stage.vault.get('/health/live')).status).toBe(200);
        await delay(10_000);
      },
      async () => {
        stage.database.become({ kind: 'none' });
        stage.database.breakAll();
      },
    );
    expect(report).toMatchObject(WHOLE);
    expect(report.recoveryMs).not.toBeNull();
  });

  it('without a connection left (F20), it refuses with 503 and goes on', async () => {
    const hogs: Client[] = [];
    const report = await stage.under(
      'max_connections (F20)',
      async () => {
        stage.database.breakAll();
        const connectionString = stage.facts['TEST_DATABASE_URL']!;
        for (let failed = false; !failed && hogs.length < 300;) {
          const client = new Client({ connectionString });
          client.on('error', () => undefined);
          await client.connect().then(
            () => hogs.push(client),
            () => (failed = true),
          );
        }
        await delay(2000);
      },
      async () => void (await Promise.all(hogs.map((client) => client.end()))),
    );
    expect(report).toMatchObject(WHOLE);
  });

  it('where all of the vault’s connections wait for a lock (F21, F26), it answers in time and goes on', async () => {
    const holder = new Client({ connectionString: ofVault() });
    const report = await stage.under(
      'a table locked (F26)',
      async () => {
        await holder.connect();
        await holder.query('BEGIN; LOCK TABLE datasets IN ACCESS EXCLUSIVE MODE');
        await delay(8000);
        expect((await stage.vault.get('/health/live')).status).toBe(200);
      },
      async () => {
        await holder.query('ROLLBACK');
        await holder.end();
      },
    );
    expect(report).toMatchObject(WHOLE);
  });

  it('whose deadlocks end some transactions (F22), they are tried again or refused, and no update is lost', async () => {
    const holder = new Client({ connectionString: ofVault() });
    let locked = true;
    const report = await stage.under(
      'deadlocks forced (F22)',
      async () => {
        await holder.connect();
        await holder.query(`SET deadlock_timeout = '10s'`);
        const before = await deadlocks();
        for (let round = 0; round < 8; round += 1) {
          // The other way round than a commit takes them, and patient, so that it is the vault's own that is ended.
          await holder.query('BEGIN; LOCK TABLE audit_events IN SHARE MODE; SELECT pg_sleep(0.3)');
          await holder.query('SELECT 1 FROM branches FOR UPDATE').catch(() => undefined);
          await holder.query('ROLLBACK');
        }
        locked = (await deadlocks()) > before;
      },
      () => holder.end(),
    );
    expect(locked).toBe(true);
    expect(report).toMatchObject(WHOLE);
  });

  it('that takes no writes (F24), it reads on', async () => {
    const { username } = new URL(stage.backing.databaseUrl!);
    const report = await stage.under(
      'read-only (F24)',
      async () => {
        await stage.sql(`ALTER ROLE ${username} SET default_transaction_read_only = on`);
        stage.database.breakAll();
        await delay(500);
        await stage.vault.until('/health', ({ status }) => status === 200);
        const refused = await stage.vault.post('/datasets', { name: 'into what is read-only' });
        expect(refused.status).toBe(503);
        await delay(1000);
      },
      async () => {
        await stage.sql(`ALTER ROLE ${username} RESET default_transaction_read_only`);
        stage.database.breakAll();
      },
    );
    expect(report).toMatchObject(WHOLE);
  });

  it('that takes the password no more (F25), it says so without saying it, and goes on', async () => {
    const { username, password } = new URL(stage.backing.databaseUrl!);
    const report = await stage.under(
      'password changed (F25)',
      async () => {
        await stage.sql(`ALTER ROLE ${username} PASSWORD 'another-one-for-a-while'`);
        stage.database.breakAll();
        await stage.vault.until('/health/ready', ({ status }) => status === 503, 15);
      },
      async () => void (await stage.sql(`ALTER ROLE ${username} PASSWORD '${password}'`)),
    );
    expect(report).toMatchObject(WHOLE);
    expect(JSON.stringify(stage.vault.log)).not.toContain(password);
  });

  it('after all of that, the audit is whole and nothing was said that is no log line', async () => {
    const { body } = await stage.vault.get<{ ok: boolean }>('/audit/verify');
    expect(body.ok).toBe(true);
    expect(stage.vault.noise).toEqual([]);
  });
});

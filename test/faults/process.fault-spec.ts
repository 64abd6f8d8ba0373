// The server is killed, stopped, starved of files; its clock is wrong; it is replaced while it works.
import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { MAIN } from '../support/vault.ts';
import { FAKETIME, Stage, WHOLE } from './stage.ts';

describe('a server', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(() => stage.close());

  it('killed five times among writes (F01, F04), has everything that was acknowledged, once', async () => {
    const report = await stage.under('kill -9, five times (F01)', async () => {
      for (let kill = 0; kill < 5; kill += 1) {
        await stage.vault.stop('SIGKILL');
        await stage.start();
        await delay(300 + Math.random() * 1200);
      }
    });
    expect(report).toMatchObject(WHOLE);
    await stage.command('audit', 'verify');
  });

  it('frozen for ten seconds (F09), goes on where it was, and does nothing twice', async () => {
    const report = await stage.under('SIGSTOP for 10 s (F09)', async () => {
      stage.vault.child.kill('SIGSTOP');
      await delay(10_000);
      stage.vault.child.kill('SIGCONT');
    });
    expect(report).toMatchObject(WHOLE);
  });

  it('killed with PostgreSQL at the same time (invariant 2), has everything that was acknowledged', async () => {
    const report = await stage.under('both killed', async () => {
      await Promise.all([stage.vault.stop('SIGKILL'), stage.stopService('postgres', 'SIGKILL')]);
      await stage.startService('postgres');
      await stage.start();
    });
    expect(report).toMatchObject(WHOLE);
  });

  it('killed in the middle of its migrations (F06), is migrated by the next that comes', async () => {
    for (let kill = 0; kill < 5; kill += 1) {
      await stage.sql(
        'DROP SCHEMA IF EXISTS public CASCADE; DROP SCHEMA IF EXISTS pgboss CASCADE; CREATE SCHEMA public',
      );
      const { username } = new URL(stage.backing.databaseUrl!);
      await stage.sql(`GRANT ALL ON SCHEMA public TO ${username}`);
      const env = { PATH: process.env['PATH'] ?? '', ...stage.backing.env };
      const child = spawn(process.execPath, [MAIN, 'migrate'], { env, stdio: 'ignore' });
      const ended = new Promise((resolve) => child.once('exit', resolve));
      await delay(300 + kill * 200);
      child.kill('SIGKILL');
      await ended;
      await stage.command('migrate');
      expect(await stage.command('migrate', 'status')).not.toMatch(/pending: [1-9]/);
    }
    await stage.vault.stop('SIGKILL');
    await stage.start();
    expect((await stage.vault.get('/health')).body).toEqual({ status: 'healthy' });
  });

  it('told to stop among requests (F50), answers all that come while balancers take notice, and ends with 0', async () => {
    const { port } = new URL(stage.vault.url);
    const answers: (number | string)[] = [];
    // Nobody who asks whether it is ready sends it anything after five seconds.
    let last = Infinity;
    const asking = Array.from({ length: 20 }, async () => {
      while (performance.now() < last) {
        const answer = await fetch(`http://127.0.0.1:${port}/api/v1/auth/me`, {
          headers: { authorization: `Bearer ${stage.vault.token}` },
        }).catch((error: { cause?: { code?: string } }) => error.cause?.code ?? 'cut');
        answers.push(typeof answer === 'string' ? answer : answer.status);
        if (typeof answer !== 'string') await answer.arrayBuffer();
      }
    });
    await delay(500);
    last = performance.now() + 4500;
    const ended = stage.vault.stop('SIGTERM');
    await stage.vault.until('/health/ready', ({ status }) => status === 503, 4);
    expect(await ended).toBe(0);
    await Promise.all(asking);
    expect(answers.filter((status) => status !== 200)).toEqual([]);
    await stage.start();
  });

  it('told twice to stop, or before it is ready (F53), ends at once', async () => {
    const started = performance.now();
    const ended = stage.vault.stop('SIGTERM');
    await delay(200);
    stage.vault.child.kill('SIGTERM');
    await ended;
    expect(performance.now() - started).toBeLessThan(4000);
    const env = { PATH: process.env['PATH'] ?? '', ...stage.backing.env, VAULT__TELEMETRY__METRICS_PORT: '0' };
    const child = spawn(process.execPath, [MAIN, 'serve'], { env, stdio: 'ignore' });
    const gone = new Promise((resolve) => child.once('exit', resolve));
    await delay(300);
    child.kill('SIGTERM');
    await gone;
    await stage.start();
  });

  it('with a handful of files to open (F14), refuses, and is well again', async () => {
    await stage.vault.stop();
    const limited = ['sh', '-c', `ulimit -n 256; exec "$0" "$@"`];
    await stage.start({ under: limited });
    const many = await Promise.all(
      Array.from({ length: 600 }, () =>
        fetch(`${stage.vault.url}/health/live`)
          .then(async (answer) => {
            await answer.arrayBuffer();
            return answer.status;
          })
          .catch(() => null),
      ),
    );
    expect(many.filter((status) => status !== null && status !== 200)).toEqual([]);
    await delay(500);
    expect((await stage.vault.post('/datasets', { name: 'after the flood' })).status).toBe(201);
  });

  it.each([
    ['ten minutes ahead', '+10m'],
    ['ten minutes behind', '-10m'],
  ])('whose clock is %s of the database (F58), lets its users in and keeps its audit whole', async (name, offset) => {
    await stage.vault.stop();
    await stage.start({ env: { LD_PRELOAD: FAKETIME, FAKETIME: offset, FAKETIME_DONT_FAKE_MONOTONIC: '1' } });
    const report = await stage.under(`clock ${name} (F58)`, async () => undefined);
    expect(report).toMatchObject({ ...WHOLE, failed: 0 });
    const { body } = await stage.vault.get<{ ok: boolean }>('/audit/verify');
    expect(body.ok).toBe(true);
  });
});

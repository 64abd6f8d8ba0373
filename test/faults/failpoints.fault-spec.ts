// The server is killed, breaks or stands still at a point of its code that hardly any signal would hit.
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Vault } from '../support/vault.ts';
import { Stage, WHOLE } from './stage.ts';

const at = (point: string): Record<string, string> => ({
  NODE_OPTIONS: `--import=${resolve('test/faults/failpoints.ts')}`,
  VAULT_FAILPOINT: point,
});

function ended({ child }: Vault): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((exit) => child.once('exit', (code) => exit(code)));
}

describe('a server', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open({ s3: true });
  });
  afterAll(() => stage.close());

  it.each([
    ['between its objects and its commit (F03)', 'before-publish'],
    ['with the head of a branch moved and nothing committed (F05)', 'inside-publish'],
    ['after its commit and before its answer (F04)', 'after-publish'],
  ])('killed %s has everything that was acknowledged, once', async (name, point) => {
    await stage.vault.stop();
    await stage.start({ env: at(`${point}:kill:25`) });
    const report = await stage.under(name, async () => {
      await ended(stage.vault);
      expect(stage.vault.child.signalCode).toBe('SIGKILL');
      await stage.start();
    });
    expect(report).toMatchObject(WHOLE);
    await stage.command('audit', 'verify');
    await stage.command('verify', '--deep');
    // What was under way is no part of the vault: an import that never ended is cleared, and its objects with it.
    await stage.sql(`UPDATE imports SET lease_until = now() - interval '1 hour' WHERE state = 'running'`);
    await until(async () => (await stage.sql(`SELECT 1 FROM imports WHERE state = 'running'`)).length === 0);
    expect(await stage.sql(`SELECT 1 FROM commits WHERE state = 'staged'`)).toEqual([]);
  });

  it('that throws what nobody expected (F10) answers 500 with an id, and logs it', async () => {
    await stage.vault.stop();
    await stage.start({ env: at('handler:throw:1') });
    const dataset = await stage.vault.newDataset();
    const broken = await stage.vault.get<{ code: string; trace_id: string }>(`/datasets/${dataset}`);
    expect(broken.status).toBe(500);
    expect(broken.text).not.toContain('failpoint');
    await stage.vault.logged(({ level, trace_id: id }) => level === 'error' && id === broken.body.trace_id);
    expect((await stage.vault.get(`/datasets/${dataset}`)).status).toBe(200);
  });

  it('with a rejection that nobody waits for in a job (F10) ends, and the next does the job once', async () => {
    await stage.vault.stop();
    await stage.start({ env: at('job:reject:1') });
    const dataset = await stage.vault.newDataset();
    await stage.vault.importLines(dataset, '{"mail":"jane@example.org"}\n');
    const asked = await stage.vault.post<{ job_id: string }>(`/datasets/${dataset}/anonymize`, {
      name: 'after a rejection',
      strategy: 'redact',
    });
    expect(asked.status).toBe(202);
    expect(await ended(stage.vault)).toBe(70);
    expect(stage.vault.log.at(-1)).toMatchObject({ error: 'UNHANDLED_REJECTION' });
    await stage.start();
    const done = await stage.vault.until<{ status: string }>(
      `/jobs/${asked.body.job_id}`,
      ({ body }) => ['completed', 'failed'].includes(body.status),
      120,
    );
    expect(done.body.status).toBe('completed');
  });

  it('that stands still for five seconds (F11) is alive again at once, and nothing is lost', async () => {
    await stage.vault.stop();
    await stage.start({ env: at('handler:block:1') });
    const dataset = await stage.vault.newDataset();
    const report = await stage.under('the event loop blocked for 5 s (F11)', async () => {
      const asked = stage.vault.get(`/datasets/${dataset}`);
      await delay(200);
      // As the probe of Kubernetes has it: three times in a row, ten seconds apart, is what ends a pod.
      expect((await fetch(`${stage.vault.url}/health/live`, { signal: AbortSignal.timeout(10_000) })).status).toBe(200);
      expect((await asked).status).toBe(200);
    });
    expect(report).toMatchObject({ ...WHOLE, failed: 0 });
  });
});

async function until(done: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 60_000; !(await done()); await delay(500))
    if (Date.now() > deadline) throw new Error('it never was');
}

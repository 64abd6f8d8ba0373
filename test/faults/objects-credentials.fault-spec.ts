// The keys to the object store are rotated, or end before there are others: a running server takes what its file says.
import { randomBytes } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { run } from '../../scripts/services/processes.ts';
import { Stage, WHOLE } from './stage.ts';

describe('with S3 whose credentials are rotated (F44)', () => {
  let stage: Stage;
  let file: string;
  /** The one that the server has now. */
  let held: string;
  beforeAll(async () => {
    stage = await Stage.open({ s3: true });
    file = join(stage.dir, 'aws-credentials');
    held = stage.facts['AWS_ACCESS_KEY_ID']!;
    write(held, stage.facts['AWS_SECRET_ACCESS_KEY']!);
    await stage.vault.stop();
    Object.assign(stage.backing.env, {
      AWS_ACCESS_KEY_ID: '',
      AWS_SECRET_ACCESS_KEY: '',
      AWS_SHARED_CREDENTIALS_FILE: file,
    });
    await stage.start();
  });
  afterAll(() => stage.close());

  /** In one step, as a mounted secret is replaced. */
  function write(id: string, secret: string): void {
    const lines = ['[default]', `aws_access_key_id = ${id}`, `aws_secret_access_key = ${secret}`, ''];
    writeFileSync(`${file}.new`, lines.join('\n'), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
  const admin = (...args: string[]): Promise<string> =>
    run('radosgw-admin', ['-n', 'client.rgw', 'key', ...args, '--uid=vault'], {
      env: { CEPH_CONF: join(stage.dir, 's3', 'ceph.conf') },
    });
  const end = (): Promise<string> => admin('rm', `--access-key=${held}`);
  /** Another one for the same account, which the file has from then on. */
  async function issue(): Promise<string> {
    const [id, secret] = [randomBytes(10).toString('hex').toUpperCase(), randomBytes(20).toString('hex')];
    await admin('create', `--access-key=${id}`, `--secret-key=${secret}`);
    write(id, secret);
    return id;
  }

  it('before the old ones end, nobody notices', async () => {
    const report = await stage.under('S3 keys rotated (F44)', async () => {
      const next = await issue();
      await end();
      held = next;
      await delay(3000);
    });
    expect(report).toMatchObject({ ...WHOLE, failed: 0 });
  });

  it('after the old ones have ended, it is not ready until then, and needs no restart', async () => {
    const dataset = await stage.vault.newDataset();
    const report = await stage.under(
      'S3 keys ended, then replaced (F44)',
      async () => {
        await end();
        await stage.vault.until('/health/ready', ({ status }) => status === 503, 30);
        const refused = await stage.vault.importLines(dataset, '{"text":"refused"}\n');
        expect(refused).toMatchObject({ status: 503, body: { code: 'STORAGE_UNAVAILABLE' } });
        expect(refused.headers.get('retry-after')).toBe('5');
        const { body } = await stage.vault.get('/health/detailed');
        expect(body).toMatchObject({
          status: 'unhealthy',
          components: { storage: { status: 'unhealthy' }, database: { status: 'healthy' } },
        });
        const said = await stage.vault.logged(({ error, err }) => error === 'STORAGE_UNAVAILABLE' && err !== undefined);
        expect(said['err']).toMatchObject({ type: 'InvalidAccessKeyId' });
      },
      async () => {
        held = await issue();
        await stage.vault.until('/health/ready', ({ status }) => status === 200, 30);
      },
      { writers: 3 },
    );
    expect(report).toMatchObject(WHOLE);
    expect(report.failed).toBeGreaterThan(0);
    expect((await stage.vault.get(`/datasets/${dataset}/export`)).text).toBe('');
    expect(JSON.stringify(stage.vault.log)).not.toContain(held);
  });
});

// A vault is backed up while it is written, and comes back elsewhere as it was at one moment.
import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backing, type Backing, embeddedBacking, onServices } from '../support/backing.ts';
import { command, commandMeanwhile } from '../support/commands.ts';
import { startVault, type Vault } from '../support/vault.ts';

interface Report {
  ok: boolean;
  name: string;
  rows: number;
  objects: number;
}

/** An empty vault elsewhere that has the root key of another one. */
async function elsewhere(of: Backing): Promise<Backing> {
  const under = onServices ? await backing() : embeddedBacking('');
  const key = of.env['VAULT__ENCRYPTION__MASTER_KEY'];
  if (key) return { ...under, env: { ...under.env, VAULT__ENCRYPTION__MASTER_KEY: key } };
  copyFileSync(join(of.dataDir, 'keyring.json'), join(under.dataDir, 'keyring.json'));
  return under;
}

describe('a backup', () => {
  let vault: Vault;
  let place: string;
  let folder: string;
  const exports = new Map<string, string>();
  const lines = (n: number): string =>
    Array.from({ length: 1500 }, (_, i) => `{"n":${n},"i":${i},"text":"mail ann${i}@example.org"}\n`).join('');
  const exported = async (from: Vault, dataset: string, query = ''): Promise<string> =>
    (await from.get(`/datasets/${dataset}/export${query}`)).text;

  /** Records that were replaced and removed, on two branches. */
  async function editedDataset(): Promise<string> {
    const dataset = await vault.newDataset('edited');
    const records = `/datasets/${dataset}/records`;
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) {
      ids.push((await vault.post<{ id: string }>(records, { content: { n }, metadata: { n } })).body.id);
    }
    await vault.post(`/datasets/${dataset}/branches`, { name: 'fork' });
    await vault.ask('PUT', `${records}/${ids[0]}`, { body: { content: { n: 'on main' } } });
    await vault.ask('PUT', `${records}/${ids[1]}?branch=fork`, { body: { content: { n: 'on fork' } } });
    await vault.ask('DELETE', `${records}/${ids[2]}?branch=fork`);
    return dataset;
  }

  beforeAll(async () => {
    vault = await startVault();
    folder = mkdtempSync(join(tmpdir(), 'vault-backups-'));
    const { env } = vault.backing;
    const prefix = env['VAULT__STORAGE__S3__PREFIX']?.replace('/data/', '/backups');
    place = onServices ? `s3://${env['VAULT__STORAGE__S3__BUCKET']}/${prefix}` : folder;
    for (let n = 0; n < 2; n += 1) {
      const dataset = await vault.newDataset(`dataset ${n}`);
      await vault.importLines(dataset, lines(n));
      exports.set(dataset, await exported(vault, dataset));
    }
    const edited = await editedDataset();
    for (const ref of ['main', 'fork'])
      exports.set(`${edited}?ref=${ref}`, await exported(vault, edited, `?ref=${ref}`));
  });
  afterAll(async () => {
    await vault.remove();
    rmSync(folder, { recursive: true });
  });

  it('F62, F66: made during writes, it restores every dataset byte for byte into an empty vault', async () => {
    const during = await vault.newDataset('written meanwhile');
    let writing = onServices;
    const writer = (async () => {
      for (let n = 0; writing; n += 1) await vault.importLines(during, lines(n));
    })();
    // The built-in database takes one program at a time.
    if (!onServices) await vault.stop();
    const made = await commandMeanwhile<Report>(vault.backing, ['backup', 'create', '--to', place, '--json']);
    writing = false;
    await writer;
    expect([made.status, made.stderr, made.json.ok]).toEqual([0, '', true]);
    const list = command<{ items: Report[] }>(vault.backing, ['backup', 'list', '--from', place, '--json']);
    expect(list.json.items.map(({ name }) => name)).toEqual([made.json.name]);
    expect(command(vault.backing, ['backup', 'verify', '--from', place, '--deep']).status).toBe(0);

    const target = await elsewhere(vault.backing);
    const restore = ['backup', 'restore', '--from', place, '--into-empty', '--json'];
    const restored = command<Report>(target, restore);
    expect([restored.status, restored.json]).toMatchObject([0, { name: made.json.name, rows: made.json.rows }]);
    const whole = command<{ ok: boolean; damage: object[] }>(target, ['verify', '--deep', '--json']);
    expect([whole.status, whole.json]).toMatchObject([0, { ok: true, damage: [] }]);

    const again = await startVault({ on: target });
    for (const [which, before] of exports) {
      const [dataset, ref] = which.split('?');
      expect(before.length).toBeGreaterThan(30);
      expect(await exported(again, dataset!, ref && `?${ref}`)).toBe(before);
    }
    // Of what was written meanwhile whole imports are there, and nothing of others.
    const some = (await exported(again, during)).split('\n').length - 1;
    expect(some % 1500).toBe(0);
    expect((await again.get<{ ok: boolean }>('/audit/verify')).body.ok).toBe(true);
    expect((await again.importLines(await again.newDataset(), lines(9))).status).toBe(201);
    await again.stop();

    // T13: there is something now.
    const refused = command(target, restore);
    expect([refused.status, refused.stderr]).toEqual([1, expect.stringContaining('The database is not empty')]);
    await target.remove();
  });

  it('is counted, and told to Prometheus', async () => {
    if (!onServices) vault = await startVault({ on: vault.backing });
    const text = await (await fetch(vault.metricsUrl)).text();
    const [, seconds] = /^backup_last_success_timestamp_seconds (\S+)$/m.exec(text) ?? [];
    expect(Date.now() / 1000 - Number(seconds)).toBeLessThan(600);
    const { body } = await vault.get<{ items: { action: string }[] }>('/audit/events?action=backup.create');
    expect(body.items).toHaveLength(1);
  });

  it('is refused with another root key, and without --into-empty', () => {
    const env = { VAULT__ENCRYPTION__MASTER_KEY: randomBytes(32).toString('hex') };
    const wrongKey = command(vault.backing, ['backup', 'verify', '--from', place], env);
    expect([wrongKey.status, wrongKey.stderr]).toEqual([1, expect.stringMatching(/under root key rk_/)]);
    expect(command(vault.backing, ['backup', 'restore', '--from', place]).status).toBe(1);
  });
});

// What an operator does to come back: with a key that is missing, from a backup made among writes, beside a store that is
// newer than the database.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stage, WHOLE } from './stage.ts';

const LINES = ['{"text":"one","mail":"jane@example.org"}', '{"text":"two"}'];

describe('a vault', () => {
  let stage: Stage;
  let place: string;
  beforeAll(async () => {
    stage = await Stage.open();
    place = mkdtempSync(join(tmpdir(), 'vault-backups-'));
  });
  afterAll(async () => {
    await stage.close();
    rmSync(place, { recursive: true });
  });

  async function stored(): Promise<string> {
    const dataset = await stage.vault.newDataset();
    expect((await stage.vault.importLines(dataset, LINES.join('\n'))).status).toBe(201);
    return dataset;
  }
  const exported = async (dataset: string): Promise<string> =>
    (await stage.vault.get(`/datasets/${dataset}/export`)).text;

  /** The database as somebody who restores has it: with no table in it. */
  async function emptied(): Promise<void> {
    await stage.vault.stop();
    await stage.sql('DROP SCHEMA public CASCADE; DROP SCHEMA IF EXISTS pgboss CASCADE; CREATE SCHEMA public');
    await stage.sql(`GRANT ALL ON SCHEMA public TO ${new URL(stage.backing.databaseUrl!).username}`);
  }

  interface Verified {
    damage: { kind: string }[];
    orphans: string[];
  }
  /** What `verify` says, also where it ends with 1. */
  async function verified(): Promise<Verified> {
    const said = await stage
      .command('verify', '--deep', '--json')
      .catch((error: unknown) => (error as { stdout: string }).stdout);
    return JSON.parse(said) as Verified;
  }
  /** Anchors of the audit outlive a restore, and say that there was more once: that alone is missing. */
  const wholeButForAnchors = ({ damage }: Verified): boolean => damage.every(({ kind }) => kind === 'audit-not-intact');

  it('backed up among writes, three times (F66), comes back each time to one moment', async () => {
    const names: string[] = [];
    const report = await stage.under('backups among writes (F66)', async () => {
      for (let round = 0; round < 3; round += 1) {
        const said = await stage.command('backup', 'create', '--to', join(place, 'all.tar'), '--json');
        names.push((JSON.parse(said) as { name: string }).name);
      }
    });
    expect(report).toMatchObject(WHOLE);
    for (const name of names) {
      await emptied();
      await stage.command('backup', 'restore', '--from', join(place, 'all.tar'), '--name', name, '--into-empty');
      expect(wholeButForAnchors(await verified())).toBe(true);
      await stage.start();
    }
  });

  it('whose database is older than its store (F63), has what it had then, and takes nothing away from the store', async () => {
    const early = await stored();
    await stage.command('backup', 'create', '--to', place);
    const late = await stored();
    await emptied();
    await stage.command('backup', 'restore', '--from', place, '--into-empty');
    await stage.start();
    expect(await exported(early)).toBe(`${LINES.join('\n')}\n`);
    expect((await stage.vault.get(`/datasets/${late}`)).status).toBe(404);
    await stage.vault.stop();
    expect(wholeButForAnchors(await verified())).toBe(true);
    await stage.start();
  });

  it('started without the root key of its records (F32, F33) does not begin, and nothing is damaged', async () => {
    const old = stage.backing.env['VAULT__ENCRYPTION__MASTER_KEY']!;
    const fresh = randomBytes(32).toString('base64');
    const dataset = await stored();
    await stage.vault.stop();
    stage.backing.env['VAULT__ENCRYPTION__MASTER_KEY'] = fresh;
    await expect(stage.start()).rejects.toThrow('WRONG_ROOT_KEY');

    stage.backing.env['VAULT__ENCRYPTION__MASTER_KEY'] = `${fresh},${old}`;
    await stage.start();
    expect(await exported(dataset)).toBe(`${LINES.join('\n')}\n`);
    await stage.command('keys', 'rewrap');
    await stage.vault.stop();
    stage.backing.env['VAULT__ENCRYPTION__MASTER_KEY'] = fresh;
    await stage.start();
    expect(await exported(dataset)).toBe(`${LINES.join('\n')}\n`);
  });
});

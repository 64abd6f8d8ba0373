// The object store learns late of what it has: reads by key are tried again, and no list is taken for the truth.
import { randomUUID } from 'node:crypto';
import { blobsOf } from '../support/commands.ts';
import { LateObjects, type ListedObject } from './late-objects.ts';
import { Stage, WHOLE } from './stage.ts';

const LONG_AGO = new Date(Date.now() - 60 * 24 * 3_600_000);

describe('with S3 that learns late of what it has (F41)', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open({ s3: true });
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) process.env[name] = stage.facts[name];
  });
  afterAll(() => stage.close());

  const lineOf = (dataset: string): string => `${JSON.stringify({ text: `a line of ${dataset}` })}\n`;
  async function stored(): Promise<string> {
    const dataset = await stage.vault.newDataset();
    expect((await stage.vault.importLines(dataset, lineOf(dataset))).status).toBe(201);
    return dataset;
  }
  const read = async (dataset: string): Promise<void> =>
    expect(await stage.vault.get(`/datasets/${dataset}/export`)).toMatchObject({ status: 200, text: lineOf(dataset) });

  /** What is stored now, as if it were old, and what never was. */
  async function listed(): Promise<ListedObject[]> {
    const prefix = stage.backing.env['VAULT__STORAGE__S3__PREFIX']!;
    const objects: ListedObject[] = [{ key: `${prefix}${randomUUID()}`, size: 100, modified: LONG_AGO }];
    for await (const { key, size } of (await blobsOf(stage.backing)).list('')) {
      objects.push({ key: `${prefix}${key}`, size, modified: LONG_AGO });
    }
    return objects.sort((one, other) => (one.key < other.key ? -1 : 1));
  }

  it('takes no whole vault for damaged, and backs all of it up', async () => {
    await stored();
    const list = await listed();
    const datasets = [await stored(), await stored()];
    const late = new LateObjects(2, list);
    stage.objects!.become(late.fault);
    const verdict = JSON.parse(await stage.command('verify', '--json')) as object;
    expect(verdict).toMatchObject({ ok: true, segments: 3, objects: list.length, damage: [] });
    const place = `s3://vault/backups-${randomUUID()}`;
    const backup = JSON.parse(await stage.command('backup', 'create', '--to', place, '--json')) as { name: string };
    expect(backup).toMatchObject({ objects: 3, copied: 3, missing: [] });
    stage.objects!.become(new LateObjects(2, list).fault);
    await stage.command('backup', 'verify', '--from', place, '--name', backup.name, '--deep');
    stage.objects!.become({ kind: 'none' });
    for (const dataset of datasets) await read(dataset);
    expect([late.missed > 0, late.lists > 0]).toEqual([true, true]);
  });

  it('reads what it has just stored, and sweeps nothing away that it needs', async () => {
    const list = await listed();
    const late = new LateObjects(2, list);
    const report = await stage.under(
      '404 after PUT, late lists (F41)',
      async () => {
        stage.objects!.become(late.fault);
        await Promise.all(Array.from({ length: 4 }, async () => read(await stored())));
        // A server that starts looks at once for what others have left behind.
        await stage.vault.stop();
        await stage.start();
        await Promise.all(Array.from({ length: 4 }, async () => read(await stored())));
      },
      async () => stage.objects!.become({ kind: 'none' }),
      { writers: 3 },
    );
    expect(report).toMatchObject(WHOLE);
    expect(late.missed).toBeGreaterThanOrEqual(16);
    expect(late.lists).toBeGreaterThan(0);
    expect(JSON.parse(await stage.command('verify', '--deep', '--json'))).toMatchObject({ ok: true, damage: [] });
  });
});

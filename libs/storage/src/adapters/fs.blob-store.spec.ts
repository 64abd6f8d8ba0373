import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { blobStoreContract } from '../blob-store.contract.ts';
import { BlobNotFound, BlobTooShort, StorageUnavailable } from '../blob-store.ts';
import { FsBlobStore } from './fs.blob-store.ts';
import { temporaryName } from './temporary-names.ts';

const roots: string[] = [];
async function newRoot(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'vault-blobs-'));
  roots.push(root);
  return root;
}
afterAll(() => Promise.all(roots.map((root) => rm(root, { recursive: true, force: true }))));

blobStoreContract('FsBlobStore', async () => FsBlobStore.open(await newRoot()));

describe('FsBlobStore', () => {
  const key = '0199a8f2-1111-7000-8000-000000000001';

  it('keeps objects over a restart, under their key in a folder of its first characters', async () => {
    const root = await newRoot();
    await (await FsBlobStore.open(root)).put(key, Buffer.from('sealed'));
    expect(await readFile(join(root, 'data', '0199a8f', key), 'utf8')).toBe('sealed');
    expect(Buffer.from(await (await FsBlobStore.open(root)).get(key)).toString()).toBe('sealed');
  });

  it('leaves no temporary file behind, whether the put is new, repeated or refused', async () => {
    const root = await newRoot();
    const store = await FsBlobStore.open(root);
    await store.put(key, Buffer.from('sealed'));
    await store.put(key, Buffer.from('sealed'));
    await store.put(key, Buffer.from('others')).catch(() => undefined);
    expect(await readdir(join(root, 'tmp'))).toEqual([]);
  });

  it('sweeps at the start what dead processes left, and nothing of living ones', async () => {
    const root = await newRoot();
    await FsBlobStore.open(root);
    const host = Buffer.from(hostname()).toString('hex').slice(0, 32);
    const dead = spawnSync('true').pid;
    const files = {
      deadHere: `${host}.${dead}.000000000000.1`,
      earlierRunOfThisNumber: `${host}.${process.pid}.000000000000.1`,
      ownOfThisRun: temporaryName(),
      livingHere: `${host}.${process.ppid}.000000000000.1`,
      elsewhereYoung: 'ffff.1.000000000000.1',
      elsewhereOld: 'ffff.1.000000000000.2',
    };
    for (const name of Object.values(files)) await writeFile(join(root, 'tmp', name), 'half');
    await utimes(join(root, 'tmp', files.elsewhereOld), 0, 0);
    await FsBlobStore.open(root);
    const kept = [files.ownOfThisRun, files.livingHere, files.elsewhereYoung];
    expect((await readdir(join(root, 'tmp'))).sort()).toEqual(kept.sort());
  });

  it('does not show a half-written file as an object', async () => {
    const root = await newRoot();
    const store = await FsBlobStore.open(root);
    await writeFile(join(root, 'tmp', 'ffff.1.000000000000.9'), 'half');
    const listed: string[] = [];
    for await (const blob of store.list('')) listed.push(blob.key);
    expect(listed).toEqual([]);
  });

  it('passes over files that are not its own', async () => {
    const root = await newRoot();
    const store = await FsBlobStore.open(root);
    await store.put(key, Buffer.from('sealed'));
    await writeFile(join(root, 'data', '.DS_Store'), '');
    await writeFile(join(root, 'data', '0199a8f', '.nfs0001'), '');
    const listed: string[] = [];
    for await (const blob of store.list('')) listed.push(blob.key);
    expect(listed).toEqual([key]);
  });

  it('names an object that was cut or lost', async () => {
    const root = await newRoot();
    const store = await FsBlobStore.open(root);
    await store.put(key, Buffer.alloc(1000));
    await truncate(join(root, 'data', '0199a8f', key), 500);
    await expect(store.get(key, { start: 400, end: 600 })).rejects.toThrow(BlobTooShort);
    await expect(store.get(key, { start: 400, end: 600 })).rejects.toThrow(key);
    await rm(join(root, 'data', '0199a8f', key));
    await expect(store.get(key)).rejects.toThrow(BlobNotFound);
  });

  it('says that it is unavailable when its folder is gone or cannot be made, and does not make it again', async () => {
    const root = await newRoot();
    const store = await FsBlobStore.open(root);
    await rm(root, { recursive: true });
    await expect(store.ping()).rejects.toThrow(StorageUnavailable);
    await expect(store.put(key, Buffer.from('x'))).rejects.toMatchObject({ kind: 'unavailable', retryAfter: 5 });
    await writeFile(root, 'a file in the way');
    await expect(FsBlobStore.open(root)).rejects.toThrow(StorageUnavailable);
  });
});

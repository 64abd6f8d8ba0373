import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KeyringBusy, KeyringExposed, KeyringMalformed } from './key.errors.ts';
import { loadOrCreateKeyring, rotateKeyring } from './keyring.file.ts';

describe('a keyring file', () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vault-keyring-'));
    path = join(folder, 'keys', 'keyring.json');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('is made once, readable by its owner only, and read again', async () => {
    const first = await loadOrCreateKeyring(path);
    const second = await loadOrCreateKeyring(path);
    expect([first.created, second.created]).toEqual([true, false]);
    expect(second.keyring.ids).toEqual(first.keyring.ids);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(folder, 'keys'))).toEqual(['keyring.json']);
  });

  it('is the same for all who start at once', async () => {
    const made = await Promise.all(Array.from({ length: 8 }, () => loadOrCreateKeyring(path)));
    expect(new Set(made.map(({ keyring }) => keyring.currentId)).size).toBe(1);
    expect(made.filter(({ created }) => created)).toHaveLength(1);
  });

  it('gets a new current key by rotation and keeps the old one', async () => {
    const { keyring } = await loadOrCreateKeyring(path);
    const rotated = await rotateKeyring(path);
    expect(rotated.ids).toEqual([rotated.currentId, keyring.currentId]);
    expect((await loadOrCreateKeyring(path)).keyring.ids).toEqual(rotated.ids);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('loses no key when two rotate at once', async () => {
    await loadOrCreateKeyring(path);
    const results = await Promise.allSettled([rotateKeyring(path), rotateKeyring(path), rotateKeyring(path)]);
    const { keyring } = await loadOrCreateKeyring(path);
    for (const result of results) {
      if (result.status === 'fulfilled') expect(keyring.ids).toContain(result.value.currentId);
      else expect(result.reason).toBeInstanceOf(KeyringBusy);
    }
  });

  it('leaves nothing in the way of the next rotation when one fails', async () => {
    await expect(rotateKeyring(path)).rejects.toThrow();
    await loadOrCreateKeyring(path);
    await writeFile(path, '{}');
    await expect(rotateKeyring(path)).rejects.toThrow(KeyringMalformed);
    expect(await readdir(join(folder, 'keys'))).toEqual(['keyring.json']);
  });

  it('is refused when others may read it', async () => {
    await loadOrCreateKeyring(path);
    await chmod(path, 0o640);
    await expect(loadOrCreateKeyring(path)).rejects.toThrow(KeyringExposed);
  });

  it.each([
    ['torn', (text: string) => text.slice(0, 60)],
    ['of another format', (text: string) => text.replace('keyring 1', 'keyring 9')],
    ['empty of keys', () => '{"format":"llm-data-vault keyring 1","keys":[]}'],
    ['holding something else', () => '{"format":"llm-data-vault keyring 1","keys":[null]}'],
    ['of a key that was altered', (text: string) => text.replace(/"key": "./, (start) => start.slice(0, -1) + '/')],
    ['JSON null', () => 'null'],
  ])('is refused when it is %s, and stays as it is', async (_name, alter) => {
    await loadOrCreateKeyring(path);
    const altered = alter(await readFile(path, 'utf8'));
    await writeFile(path, altered);
    await expect(loadOrCreateKeyring(path)).rejects.toThrow(KeyringMalformed);
    expect(await readFile(path, 'utf8')).toBe(altered);
  });
});
